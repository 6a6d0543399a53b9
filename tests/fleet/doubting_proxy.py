# SPDX-License-Identifier: MIT
"""An etcd that does not know: a member of it behind which every call is passed on to a real one, whose answer to the
first write is kept back; "unavailable" is said instead, as an etcd does whose leader changes.

  doubting_proxy.py FROM TO CERTS BYTES      each HOST:PORT; a write has more than so many bytes
"""

import concurrent.futures
import pathlib
import sys

import grpc

source, target, certs, most = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), int(sys.argv[4])
ca, cert, key, own_cert, own_key = [
    (certs / name).read_bytes() for name in ("ca.pem", "admin.pem", "admin.key", "member.pem", "member.key")
]
channel = grpc.secure_channel(target, grpc.ssl_channel_credentials(ca, key, cert))
doubted = []


class Calls(grpc.GenericRpcHandler):
    def service(self, details):
        passed_on = channel.unary_unary(details.method)

        def answer(request, context):
            try:
                said = passed_on(request, timeout=60)
            except grpc.RpcError as failure:
                context.abort(failure.code(), failure.details())
            if len(request) > most and not doubted:
                doubted.append(request)
                print("doubted", flush=True)
                context.abort(grpc.StatusCode.UNAVAILABLE, "etcdserver: leader changed")
            return said

        return grpc.unary_unary_rpc_method_handler(answer)


server = grpc.server(concurrent.futures.ThreadPoolExecutor(4))
server.add_generic_rpc_handlers([Calls()])
server.add_secure_port(source, grpc.ssl_server_credentials([(own_key, own_cert)], ca, True))
server.start()
print("ready", flush=True)
server.wait_for_termination()
