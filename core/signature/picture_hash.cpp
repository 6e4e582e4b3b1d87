#include "core/signature/picture_hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/base/error.h"

namespace signet::signature {
namespace {

constexpr std::string_view kFine = "2:", kCoarse = "1:";
constexpr std::string_view kDigits = "0123456789a";  // the greatest is 4 * 2 + 2

int digitOf(std::int8_t sign) {
    return sign < 0 ? 2 : sign;
}

std::int8_t signOf(std::size_t digit) {
    return static_cast<std::int8_t>(digit == 2 ? -1 : static_cast<int>(digit));
}

[[noreturn]] void refuse() {
    throw Error(ErrorCode::Corrupt, "a picture's hash is none that this version of Signet reads");
}

/// The number that text begins with, taken off it with the character behind it.
int takeSide(std::string_view& text, int most, char behind) {
    int side = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), side);
    const auto used = static_cast<std::size_t>(end - text.data());
    if (error != std::errc() || used >= text.size() || text[used] != behind || side < 0 || side > most)
        refuse();
    text.remove_prefix(used + 1);
    return side;
}

}  // namespace

PictureHash PictureHash::parse(std::string_view text) {
    CellSigns signs;
    if (text.starts_with(kFine))
        signs.cell = CellSigns::kFine;
    else if (text.starts_with(kCoarse))
        signs.cell = CellSigns::kCoarse;
    else
        refuse();
    text.remove_prefix(kFine.size());
    const int most = kMostChips / signs.cell;
    signs.columns = takeSide(text, most, 'x');
    signs.rows = takeSide(text, most, ':');
    if (text.size() != static_cast<std::size_t>(signs.columns) * static_cast<std::size_t>(signs.rows))
        refuse();
    for (const char character : text) {
        const std::size_t digit = kDigits.find(character);
        if (digit == std::string_view::npos || digit % 4 == 3) refuse();
        signs.right.push_back(signOf(digit / 4));
        signs.down.push_back(signOf(digit % 4));
    }
    return PictureHash(std::move(signs));
}

std::string PictureHash::text() const {
    std::string text = fmt::format("{}{}x{}:", m_signs.cell == CellSigns::kFine ? kFine : kCoarse,
                                   m_signs.columns, m_signs.rows);
    for (std::size_t i = 0; i < m_signs.right.size(); ++i)
        text += kDigits[static_cast<std::size_t>(4 * digitOf(m_signs.right[i]) + digitOf(m_signs.down[i]))];
    return text;
}

bool PictureHash::operator==(const PictureHash& other) const {
    return m_signs.cell == other.m_signs.cell && m_signs.columns == other.m_signs.columns &&
           m_signs.rows == other.m_signs.rows && m_signs.right == other.m_signs.right &&
           m_signs.down == other.m_signs.down;
}

ChipSize frameOf(int width, int height) {
    if (width < 1 || height < 1) throw Error(ErrorCode::BadOption, "an empty picture has no frame");
    const double chip = static_cast<double>(std::min(width, height)) / PictureHash::kChips;
    return {static_cast<int>(std::lround(width / chip)), static_cast<int>(std::lround(height / chip))};
}

PictureHash hashOf(const image::Image& picture) {
    const ChipSize frame = frameOf(picture.width, picture.height);
    if (std::max(frame.columns, frame.rows) > PictureHash::kMostChips) return {};
    return PictureHash(seenSigns({picture, frame.columns, frame.rows}).fine);
}

}  // namespace signet::signature
