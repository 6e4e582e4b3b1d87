#include "core/base/visible_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/base/text.h"

namespace signet {
namespace {

constexpr int kMarksOnALetter = 4;

struct Range {
    char32_t first;
    char32_t last;
};

template <std::size_t N>
bool isIn(const Range (&ranges)[N], char32_t c) {
    return std::any_of(std::begin(ranges), std::end(ranges),
                       [c](const Range& range) { return c >= range.first && c <= range.last; });
}

/// Characters that show nothing, or move or hide others. The joiners U+200C and U+200D stay: scripts need
/// them.
bool isHidden(char32_t c) {
    static constexpr Range kHidden[] = {
        {0x00, 0x08},     {0x0B, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},      {0x34F, 0x34F},
        {0x61C, 0x61C},   {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180E, 0x180E},  {0x200B, 0x200B},
        {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},  {0xFEFF, 0xFEFF},
        {0xFE00, 0xFE0F}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFC}, {0xE0000, 0xE0FFF}};
    return isIn(kHidden, c) || (c & 0xFFFE) == 0xFFFE;
}

bool isMark(char32_t c) {
    static constexpr Range kMarks[] = {{0x300, 0x36F},   {0x483, 0x489},  {0x591, 0x5C7},   {0x610, 0x61A},
                                       {0x64B, 0x65F},   {0x6D6, 0x6ED},  {0x900, 0x903},   {0xE31, 0xE31},
                                       {0xE34, 0xE3A},   {0xE47, 0xE4E},  {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
                                       {0x20D0, 0x20FF}, {0xFE20, 0xFE2F}};
    return isIn(kMarks, c);
}

}  // namespace

char32_t nextCharacter(std::string_view text, std::size_t& i) {
    const auto byte = [&](std::size_t k) {
        return static_cast<char32_t>(static_cast<unsigned char>(text[k]));
    };
    const char32_t lead = byte(i++);
    if (lead < 0x80) return lead;
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    char32_t value = lead & (0x3Fu >> more);
    for (int k = 0; k < more; ++k) value = (value << 6) | (byte(i++) & 0x3F);
    return value;
}

std::string visible(std::string_view text) {
    const std::string valid = toUtf8(text);
    std::string out;
    out.reserve(valid.size());
    int marks = 0;
    for (std::size_t i = 0; i < valid.size();) {
        const std::size_t begin = i;
        const char32_t c = nextCharacter(valid, i);
        if (c == '\r' && i < valid.size() && valid[i] == '\n') continue;
        marks = isMark(c) ? marks + 1 : 0;
        if (isHidden(c) || marks > kMarksOnALetter)
            out += fmt::format("[U+{:04X}]", static_cast<std::uint32_t>(c));
        else
            out.append(valid, begin, i - begin);
    }
    return out;
}

std::string visibleName(std::string_view name) {
    std::string out;
    for (const char c : visible(name)) {
        if (c == '\n' || c == '\t')
            out += c == '\n' ? "[U+000A]" : "[U+0009]";
        else
            out += c;
    }
    return out;
}

}  // namespace signet
