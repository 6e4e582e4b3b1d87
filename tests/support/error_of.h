#pragma once

#include <QString>
#include <functional>
#include <optional>
#include <string>

#include "core/base/error.h"

namespace signet::test {

/// "code: message" of the error that work throws; empty where it throws none. With a code wanted, an error of
/// another one is "another code: corrupt", without its message.
inline QString errorOf(const std::function<void()>& work, std::optional<ErrorCode> wanted = {}) {
    try {
        work();
    } catch (const Error& error) {
        const std::string code(toString(error.code()));
        if (wanted && *wanted != error.code()) return QString::fromStdString("another code: " + code);
        return QString::fromStdString(code + ": " + error.what());
    }
    return {};
}

}  // namespace signet::test
