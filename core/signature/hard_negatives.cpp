#include "core/signature/hard_negatives.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cstring>
#include <sstream>

#include "core/attacks/made_pictures.h"
#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/text.h"
#include "core/image/decode.h"
#include "core/training/picture_tensors.h"

namespace signet::signature {
namespace {

constexpr std::uint64_t kSquareStream = 41;
constexpr std::uint64_t kPicturesOfAFamily = 1ull << 40;
constexpr std::size_t kHardest = 64;

/// The item-th file of a set, or the next that can be read.
image::Image readOneOf(const training::PhotoSet& set, std::uint64_t item) {
    for (std::size_t tried = 0; tried < set.files.size(); ++tried) {
        try {
            return image::toRgb8(image::decode(readFile(set.files[(item + tried) % set.files.size()])).image);
        } catch (const Error&) {  // the next one, then
        }
    }
    throw Error(ErrorCode::NotFound,
                fmt::format("no picture in {} can be read", toUtf8(set.folder.string())));
}

}  // namespace

std::vector<training::PhotoSet> negativeSets(const std::string& folders, training::Split split) {
    std::vector<training::PhotoSet> sets;
    std::istringstream names(folders);
    for (std::string name; std::getline(names, name, ',');) {
        try {
            sets.push_back(training::listPhotos(name, split));
        } catch (const Error& error) {
            if (split != training::Split::Validation || error.code() != ErrorCode::NotFound) throw;
        }
    }
    return sets;
}

HardNegatives::HardNegatives(std::vector<training::PhotoSet> sets, std::uint64_t seed)
    : m_sets(std::move(sets)), m_made(attacks::madeFamilies()), m_seed(seed) {}

std::uint64_t HardNegatives::draw(StepRandom& random) const {
    const std::uint64_t family = random.index(families());
    return random.index(kPicturesOfAFamily) * families() + family;
}

torch::Tensor HardNegatives::pictures(std::span<const std::uint64_t> numbers, int side) const {
    auto result = torch::empty({static_cast<std::int64_t>(numbers.size()), 3, side, side});
    auto* at = result.data_ptr<float>();
    for (const std::uint64_t number : numbers) {
        const std::size_t family = number % families();
        const std::uint64_t item = number / families();
        const image::Image whole = family < m_sets.size()
                                       ? readOneOf(m_sets[family], item)
                                       : attacks::madePicture(m_made[family - m_sets.size()], m_seed, item);
        StepRandom random(m_seed, kSquareStream, number);
        const auto square = training::drawnSquare(whole, side, random);
        std::memcpy(at, square.data.data(), square.data.size() * sizeof(float));
        at += square.data.size();
    }
    return result;
}

std::uint64_t HardestNegatives::draw(StepRandom& random) const {
    return m_entries[random.index(m_entries.size())].first;
}

void HardestNegatives::see(std::uint64_t number, double score) {
    std::erase_if(m_entries, [&](const auto& entry) { return entry.first == number; });
    const auto place = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&](const auto& entry) { return entry.second < score; });
    m_entries.insert(place, {number, score});
    if (m_entries.size() > kHardest) m_entries.pop_back();
}

double HardestNegatives::meanScore() const {
    double sum = 0;
    for (const auto& [number, score] : m_entries) sum += score;
    return m_entries.empty() ? 0 : sum / static_cast<double>(m_entries.size());
}

}  // namespace signet::signature
