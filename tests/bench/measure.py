#!/usr/bin/python3
import sys, pathlib
from lines import *
from processes import Runner
w=pathlib.Path(sys.argv[1]); r=Runner(w, sys.argv[2])
ls=everyday(30,100)
import statistics,time
t=time.time()
for i in range(int(sys.argv[3])):
    for l in ls:
        if i%l.every==0: l.took.append(r.time(l.worlds[0],l.calls))
    print(i,time.time()-t,file=sys.stderr)
for l in ls: l.counted=r.count(l.worlds[0],l.calls,l.with_instructions)
print(time.time()-t,file=sys.stderr)
wall={}
med=lambda l,f: statistics.median(getattr(t,f) for t in l.took)
for l in ls: wall[l.what,l.who]=med(l,'wall_ms')
print('| what | who | wall ms | CPU ms | peak MB | D-Bus calls | M instructions | wall × secretservice | × true |\n|---|---|--:|--:|--:|--:|--:|--:|--:|')
for l in ls:
    ref=wall.get((l.what,SECRETSERVICE))
    print(f"| {l.what} | {l.who} | {med(l,'wall_ms'):.2f} | {med(l,'cpu_ms'):.2f} | {med(l,'peak_mb'):.1f} | {l.counted.bus_calls} | {l.counted.instructions:.1f} | {wall[l.what,l.who]/ref if ref else 0:.2f} | {wall[l.what,l.who]/wall['nothing','/bin/true']:.2f} |")
