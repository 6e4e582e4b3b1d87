#pragma once

#include <QString>
#include <array>
#include <cstdint>
#include <functional>

#include "core/base/text.h"
#include "core/signature/secret_key.h"
#include "tests/support/error_of.h"

namespace signet::tests {

/// The bytes 0, 1, ... 31.
inline signature::SecretKey countingKey() {
    std::array<std::uint8_t, signature::SecretKey::kBytes> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
    return signature::SecretKey(bytes);
}

inline QString hexOf(const signature::SecretKey& key) {
    return QString::fromStdString(toHex(key.bytes()));
}

/// Whether body() throws BadOption.
inline bool isRefused(const std::function<void()>& body) {
    return test::errorOf(body).startsWith("bad_option");
}

}  // namespace signet::tests
