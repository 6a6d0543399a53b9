// SPDX-License-Identifier: MIT
#include "platform/vault/place/certificate.h"

#include <array>
#include <ctime>
#include <memory>

#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/vault/place/crypto_library.h"

namespace cred {

DEFINE_LIBRARY(load_crypto, CRYPTO_FUNCTIONS, "libcrypto.so.3", "fleet",
               "When the certificate of a shared vault's place ends")

namespace {

using BioPtr = std::unique_ptr<BIO, Releaser<BIO_free>>;
using X509Ptr = std::unique_ptr<X509, Releaser<X509_free>>;

}  // namespace

std::optional<Certificate> read_certificate(const std::filesystem::path& path) {
  try {
    load_crypto();
    const auto text = read_file(path);
    if (!text) return std::nullopt;
    const BioPtr bio(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
    std::array<char, 1> no_passphrase = {};  // or a person would be asked
    const X509Ptr x509(PEM_read_bio_X509(bio.get(), nullptr, nullptr, no_passphrase.data()));
    std::tm end = {};
    if (!x509 || ASN1_TIME_to_tm(X509_get0_notAfter(x509.get()), &end) != 1) return std::nullopt;
    constexpr std::size_t kLongestName = 256;
    std::array<char, kLongestName> name = {};
    const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(x509.get()), NID_commonName,
                                               name.data(), static_cast<int>(name.size()));
    return Certificate{size > 0 ? name.data() : "", static_cast<std::uint64_t>(timegm(&end))};
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace cred
