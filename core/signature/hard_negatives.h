#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/base/random.h"
#include "core/training/photo_set.h"

namespace signet::signature {

/// The part of each folder's pictures that a purpose may use. folders: names separated by commas. Throws
/// NotFound for a folder that is absent or has no picture; one that has none of the validation part is left
/// out.
std::vector<training::PhotoSet> negativeSets(const std::string& folders, training::Split split);

/// Pictures without a signature in which a detector may see one: those of folders and those of
/// attacks::madeFamilies(), families without end. Each folder is a family of its own. A picture is a function
/// of (sets, seed, its number).
class HardNegatives {
public:
    HardNegatives(std::vector<training::PhotoSet> sets, std::uint64_t seed);

    /// The number of any picture, every family as likely.
    std::uint64_t draw(StepRandom& random) const;

    /// Random squares of the pictures of these numbers, [n,3,side,side] in [-1,1] on the CPU. A file that
    /// cannot be read stands back for the next; throws NotFound where none of its folder can be.
    torch::Tensor pictures(std::span<const std::uint64_t> numbers, int side) const;

private:
    std::size_t families() const { return m_sets.size() + m_made.size(); }

    std::vector<training::PhotoSet> m_sets;
    std::span<const std::string_view> m_made;
    std::uint64_t m_seed;
};

/// The hard negatives that scored highest when they were last seen, to be seen again.
class HardestNegatives {
public:
    bool empty() const { return m_entries.empty(); }
    /// One of them; not of an empty list.
    std::uint64_t draw(StepRandom& random) const;
    /// score: the presence logit of the picture of this number now.
    void see(std::uint64_t number, double score);
    /// Of all of them; 0 of none.
    double meanScore() const;

    /// [[number, score], ...]
    Json toJson() const { return m_entries; }
    /// Throws Json's exceptions.
    void fromJson(const Json& json) { json.get_to(m_entries); }

private:
    std::vector<std::pair<std::uint64_t, double>> m_entries;  ///< number and score, the highest first
};

}  // namespace signet::signature
