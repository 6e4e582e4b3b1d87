#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/random.h"

namespace signet::fingerprint {

/// Codes of one length, packed: each takes whole 64-bit words, bit 0 the most significant of the first.
class PackedCodes {
public:
    explicit PackedCodes(int bits);

    int bits() const { return m_bits; }
    std::size_t count() const { return m_words.size() / m_wordsEach; }
    std::size_t wordsEach() const { return m_wordsEach; }
    const std::uint64_t* words(std::size_t i) const { return m_words.data() + i * m_wordsEach; }
    void reserve(std::size_t codes) { m_words.reserve(codes * m_wordsEach); }
    /// One bit a byte. Throws BadOption for another length.
    void add(std::span<const std::uint8_t> bits);
    /// Words as they are kept; bits beyond the length are 0.
    void addWords(std::span<const std::uint64_t> words);
    /// So many, drawn evenly and independently.
    void addRandom(std::size_t count, StepRandom& random);
    static std::vector<std::uint64_t> packed(std::span<const std::uint8_t> bits);

private:
    int m_bits;
    std::size_t m_wordsEach;
    std::vector<std::uint64_t> m_words;
};

/// What counts the differing bits.
enum class SearchKernel {
    Portable,  ///< plain C++
    Avx2,      ///< popcount by a table of half bytes (Mula et al. 2016)
    Avx512     ///< VPOPCNTDQ
};
std::string_view toString(SearchKernel kernel);
/// The fastest that this processor has.
SearchKernel bestSearchKernel();
bool processorHas(SearchKernel kernel);

struct NearestCode {
    std::size_t index = 0;
    int differing = 0;  ///< bits
};

/// The `wanted` codes that differ in the fewest bits from one, nearest first, of equally near ones those that
/// come first. All codes are looked at, by so many threads. code: packed as in PackedCodes. Throws BadOption
/// where the processor has not the kernel's instructions.
std::vector<NearestCode> nearestCodes(const PackedCodes& codes, std::span<const std::uint64_t> code,
                                      std::size_t wanted, int threads,
                                      SearchKernel kernel = bestSearchKernel());

}  // namespace signet::fingerprint
