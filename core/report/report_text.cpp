#include "core/report/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>

#include "core/base/visible_text.h"

namespace signet::report {
namespace {

constexpr std::string_view kMinus = "\u2212";

struct Range {
    char32_t first;
    char32_t last;
};

bool isRightToLeft(char32_t c) {
    static constexpr Range kRightToLeft[] = {
        {0x590, 0x8FF}, {0xFB1D, 0xFDFF}, {0xFE70, 0xFEFE}, {0x10800, 0x10FFF}, {0x1E800, 0x1EFFF}};
    return std::any_of(std::begin(kRightToLeft), std::end(kRightToLeft),
                       [c](const Range& range) { return c >= range.first && c <= range.last; });
}

bool hasRightToLeft(std::string_view text) {
    for (std::size_t i = 0; i < text.size();)
        if (isRightToLeft(nextCharacter(text, i))) return true;
    return false;
}

std::string superscript(int value) {
    static constexpr const char* kDigits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    std::string out;
    for (const char c : std::to_string(value)) out += c == '-' ? "⁻" : kDigits[c - '0'];
    return out;
}

/// Decimals that give value two significant digits.
int decimalsFor(double value) {
    if (value <= 0) return 2;
    const int exponent = static_cast<int>(std::floor(std::log10(value)));
    const int decimals = 1 - exponent;
    // 9.96 has two significant digits as 10, not as 10.0
    const double rounded = std::round(value * std::pow(10, decimals)) / std::pow(10, decimals);
    return std::clamp(rounded >= std::pow(10, exponent + 1) ? decimals - 1 : decimals, 0, 12);
}

}  // namespace

std::string shownName(std::string_view name, std::size_t maxCharacters) {
    return oneLine(visibleName(name), maxCharacters);
}

std::string oneLine(std::string_view text, std::size_t maxCharacters) {
    const std::string shown = visible(text);
    std::string out;
    std::size_t characters = 0;
    for (std::size_t i = 0; i < shown.size();) {
        if (++characters > maxCharacters) return out + "…";
        const std::size_t begin = i;
        const char32_t c = nextCharacter(shown, i);
        if (c == '\n' || c == '\t')
            out += ' ';
        else
            out.append(shown, begin, i - begin);
    }
    return out;
}

std::string embedded(std::string_view text) {
    std::string shown = visible(text);
    return hasRightToLeft(shown) ? "\u2066" + shown + "\u2069" : shown;
}

std::string escapeHtml(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            case '`':
                out += "&#96;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string localTime(const std::string& utc) {
    std::tm parts{};
    const char* rest = ::strptime(utc.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
    if (!rest || utc.empty() || utc.back() != 'Z') return utc;
    const std::time_t seconds = ::timegm(&parts);
    std::tm local{};
    if (!::localtime_r(&seconds, &local)) return utc;
    const long offset = local.tm_gmtoff / 60;
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} {}{:02}:{:02}", local.tm_year + 1900,
                       local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec,
                       offset < 0 ? kMinus : "+", std::abs(offset) / 60, std::abs(offset) % 60);
}

std::string decimal(double value, int decimals) {
    std::string text = fmt::format("{:.{}f}", std::abs(value), decimals);
    const bool zero = text.find_first_of("123456789in") == std::string::npos;  // inf and nan have a sign too
    return value < 0 && !zero ? std::string(kMinus) + text : text;
}

std::string plainMinus(std::string_view text) {
    std::string out(text);
    for (auto at = out.find(kMinus); at != std::string::npos; at = out.find(kMinus, at + 1))
        out.replace(at, kMinus.size(), "-");
    return out;
}

std::string trueMinus(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789";
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool begins =
            i == 0 || std::string_view(" \t\n([|=").find(text[i - 1]) != std::string_view::npos;
        if (text[i] == '-' && begins && i + 1 < text.size() &&
            kDigits.find(text[i + 1]) != std::string_view::npos)
            out += kMinus;
        else
            out += text[i];
    }
    return out;
}

std::string percent(double rate, double limit) {
    return fmt::format("{:.{}f} %", 100 * rate, decimalsFor(100 * limit));
}

std::string percent(double rate) {
    return percent(rate, rate);
}

std::string probability(double log10P) {
    if (!(log10P < 0)) return "1";
    if (log10P > -3) {
        const double p = std::pow(10, log10P);
        return fmt::format("{:.{}f}", p, decimalsFor(p));
    }
    if (std::isinf(log10P)) return "0";
    double exponent = std::floor(log10P);
    double mantissa = std::round(std::pow(10, log10P - exponent) * 10) / 10;
    if (mantissa >= 10) {
        mantissa = 1;
        exponent += 1;
    }
    return fmt::format("{:.1f}\u00a0×\u00a010{}", mantissa, superscript(static_cast<int>(exponent)));
}

std::string confidence(double p) {
    const double missing = 100 * (1 - p);
    if (missing <= 1e-10) return "100 %";
    // rounded down: never more sure than measured
    const int decimals = std::min(decimalsFor(missing), 6);
    const double scale = std::pow(10, decimals);
    return fmt::format("{:.{}f} %", std::floor(100 * p * scale + 1e-9) / scale, decimals);
}

std::string ratio(double log10Lr) {
    const double magnitude = std::abs(log10Lr);
    const double exponent = std::floor(magnitude + 1e-12);
    const double mantissa = std::floor(std::pow(10, magnitude - exponent) * 10 + 1e-7) / 10;
    std::string number;
    if (exponent < 1)
        number = fmt::format("{:.1f}", mantissa);
    else if (exponent < 7)
        number = grouped(std::llround(mantissa * std::pow(10, exponent)));
    else
        number = fmt::format("{:.1f}\u00a0×\u00a010{}", mantissa, superscript(static_cast<int>(exponent)));
    if (number == "1.0") return "1";
    return log10Lr < 0 ? fmt::format("1/{}", exponent < 7 ? number : "(" + number + ")") : number;
}

std::string grouped(std::int64_t number) {
    std::string digits = std::to_string(number);
    if (number < 0) digits.replace(0, 1, kMinus);
    const std::size_t first = number < 0 ? kMinus.size() : 0;
    for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, ",");
    return digits;
}

std::string fileSize(std::int64_t bytes) {
    std::string exact = grouped(bytes) + " bytes";
    if (bytes < 10'000) return exact;
    const bool mega = bytes >= 1'000'000;
    return fmt::format("{:.1f} {} ({})", static_cast<double>(bytes) / (mega ? 1e6 : 1e3), mega ? "MB" : "kB",
                       exact);
}

}  // namespace signet::report
