#include "ui/shell/library_versions.h"

#include <fmt/core.h>
#include <openssl/crypto.h>

#include <opencv2/core/version.hpp>

namespace signet::ui {

std::vector<std::pair<QString, QString>> libraryVersions() {
    return {
        {QStringLiteral("OpenCV"), QStringLiteral(CV_VERSION)},
        {QStringLiteral("OpenSSL"), QString::fromLatin1(OpenSSL_version(OPENSSL_VERSION_STRING))},
        {QStringLiteral("fmt"), QStringLiteral("%1.%2.%3")
                                    .arg(FMT_VERSION / 10000)
                                    .arg(FMT_VERSION / 100 % 100)
                                    .arg(FMT_VERSION % 100)},
    };
}

}  // namespace signet::ui
