#include "core/fingerprint/code_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <thread>
#include <utility>

#include "core/base/error.h"

#if defined(__x86_64__) && defined(__GNUC__)
#pragma GCC diagnostic push  // GCC bug 105593: of its own headers
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop
#define SIGNET_X86
#endif

namespace signet::fingerprint {
namespace {

constexpr std::size_t kBitsAWord = 64;
constexpr std::size_t kCodesAThread = 100'000;  ///< fewer are not worth a thread

/// The nearest codes so far, nearest first.
class Nearest {
public:
    explicit Nearest(std::size_t wanted) : m_wanted(wanted) {}

    /// A code is taken that differs in fewer bits than this.
    int limit() const { return m_limit; }
    void take(std::size_t index, int differing) {
        if (differing >= m_limit) return;
        const auto after = [](const NearestCode& a, const NearestCode& b) {
            return std::pair(a.differing, a.index) < std::pair(b.differing, b.index);
        };
        const NearestCode code{index, differing};
        m_codes.insert(std::upper_bound(m_codes.begin(), m_codes.end(), code, after), code);
        if (m_codes.size() > m_wanted) m_codes.pop_back();
        if (m_codes.size() == m_wanted) m_limit = m_codes.back().differing;
    }
    std::vector<NearestCode> codes() && { return std::move(m_codes); }

private:
    std::size_t m_wanted;
    int m_limit = static_cast<int>(1u << 30);
    std::vector<NearestCode> m_codes;
};

/// Codes first to last - 1 of some; words begins with code 0.
struct Range {
    const std::uint64_t* words;
    std::size_t wordsEach, first, last;
};

int differing(const std::uint64_t* a, const std::uint64_t* b, std::size_t words) {
    int bits = 0;
    for (std::size_t i = 0; i < words; ++i) bits += std::popcount(a[i] ^ b[i]);
    return bits;
}

void searchPlainly(const Range& range, const std::uint64_t* code, Nearest& nearest) {
    for (std::size_t i = range.first; i < range.last; ++i)
        nearest.take(i, differing(range.words + i * range.wordsEach, code, range.wordsEach));
}

#ifdef SIGNET_X86

/// Codes in one vector's lanes of 64 bits, looked at one by one once one of them is near enough.
void lookCloser(const Range& range, std::size_t first, std::size_t count, const std::uint64_t* code,
                Nearest& nearest) {
    searchPlainly({range.words, range.wordsEach, first, first + count}, code, nearest);
}

/// The bits set in each lane of 64 bits: half bytes by a table (Mula, Kurz, Lemire 2016).
__attribute__((target("avx2"))) inline __m256i bitsOfLanes(__m256i x) {
    const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2,
                                           2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    const __m256i half = _mm256_set1_epi8(0x0f);
    const __m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(x, half));
    const __m256i high = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(x, 4), half));
    return _mm256_sad_epu8(_mm256_add_epi8(low, high), _mm256_setzero_si256());
}

__attribute__((target("avx2"))) inline __m256i loaded(const std::uint64_t* words) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(words));
}

/// Two words a code, four codes at a time.
__attribute__((target("avx2"))) void searchPairsAvx2(const Range& range, const std::uint64_t* code,
                                                     Nearest& nearest) {
    constexpr std::size_t kAtOnce = 8;
    const __m256i both = _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(code)));
    std::size_t i = range.first;
    for (; i + kAtOnce <= range.last; i += kAtOnce) {
        const std::uint64_t* at = range.words + 2 * i;
        const __m256i a = bitsOfLanes(_mm256_xor_si256(loaded(at), both));
        const __m256i b = bitsOfLanes(_mm256_xor_si256(loaded(at + 4), both));
        const __m256i c = bitsOfLanes(_mm256_xor_si256(loaded(at + 8), both));
        const __m256i d = bitsOfLanes(_mm256_xor_si256(loaded(at + 12), both));
        const __m256i ab = _mm256_add_epi64(_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b));
        const __m256i cd = _mm256_add_epi64(_mm256_unpacklo_epi64(c, d), _mm256_unpackhi_epi64(c, d));
        // Sums fit in 16 bits; the lanes' upper parts are 0 in both.
        const __m256i least = _mm256_min_epi32(ab, cd);
        const __m256i near = _mm256_cmpgt_epi64(_mm256_set1_epi64x(nearest.limit()), least);
        if (_mm256_testz_si256(near, near) == 0) lookCloser(range, i, kAtOnce, code, nearest);
    }
    lookCloser(range, i, range.last - i, code, nearest);
}

/// Any number of words a code; whole vectors by lanes, what is left word by word.
__attribute__((target("avx2,popcnt"))) void searchAvx2(const Range& range, const std::uint64_t* code,
                                                       Nearest& nearest) {
    const std::size_t whole = range.wordsEach / 4 * 4;
    for (std::size_t i = range.first; i < range.last; ++i) {
        const std::uint64_t* at = range.words + i * range.wordsEach;
        __m256i sums = _mm256_setzero_si256();
        for (std::size_t w = 0; w < whole; w += 4)
            sums = _mm256_add_epi64(sums, bitsOfLanes(_mm256_xor_si256(loaded(at + w), loaded(code + w))));
        const __m128i pair = _mm_add_epi64(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
        auto bits = static_cast<int>(_mm_cvtsi128_si64(pair) + _mm_extract_epi64(pair, 1));
        for (std::size_t w = whole; w < range.wordsEach; ++w)
            bits += static_cast<int>(_mm_popcnt_u64(at[w] ^ code[w]));
        nearest.take(i, bits);
    }
}

/// Two words a code, four codes at a time.
__attribute__((target("avx512f,avx512vpopcntdq"))) void searchPairsAvx512(const Range& range,
                                                                          const std::uint64_t* code,
                                                                          Nearest& nearest) {
    constexpr std::size_t kAtOnce = 4;
    const __m512i both = _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(code)));
    std::size_t i = range.first;
    for (; i + kAtOnce <= range.last; i += kAtOnce) {
        const __m512i words = _mm512_loadu_si512(range.words + 2 * i);
        const __m512i lanes = _mm512_popcnt_epi64(_mm512_xor_si512(words, both));
        const __m512i sums = _mm512_add_epi64(lanes, _mm512_shuffle_epi32(lanes, _MM_PERM_BADC));
        if (_mm512_cmplt_epi64_mask(sums, _mm512_set1_epi64(nearest.limit())) != 0)
            lookCloser(range, i, kAtOnce, code, nearest);
    }
    lookCloser(range, i, range.last - i, code, nearest);
}

/// Any number of words a code.
__attribute__((target("avx512f,avx512vpopcntdq"))) void searchAvx512(const Range& range,
                                                                     const std::uint64_t* code,
                                                                     Nearest& nearest) {
    constexpr std::size_t kLanes = 8;
    for (std::size_t i = range.first; i < range.last; ++i) {
        const std::uint64_t* at = range.words + i * range.wordsEach;
        __m512i sums = _mm512_setzero_si512();
        for (std::size_t w = 0; w < range.wordsEach; w += kLanes) {
            const auto mask = static_cast<__mmask8>(
                range.wordsEach - w >= kLanes ? 0xff : (1u << (range.wordsEach - w)) - 1);
            const __m512i words = _mm512_maskz_loadu_epi64(mask, at + w);
            const __m512i others = _mm512_maskz_loadu_epi64(mask, code + w);
            sums = _mm512_add_epi64(sums, _mm512_popcnt_epi64(_mm512_xor_si512(words, others)));
        }
        nearest.take(i, static_cast<int>(_mm512_reduce_add_epi64(sums)));
    }
}

#endif

using Search = void (*)(const Range&, const std::uint64_t*, Nearest&);

Search searchBy(SearchKernel kernel, [[maybe_unused]] std::size_t wordsEach) {
#ifdef SIGNET_X86
    if (kernel == SearchKernel::Avx2) return wordsEach == 2 ? searchPairsAvx2 : searchAvx2;
    if (kernel == SearchKernel::Avx512) return wordsEach == 2 ? searchPairsAvx512 : searchAvx512;
#endif
    (void)kernel;
    return searchPlainly;
}

}  // namespace

PackedCodes::PackedCodes(int bits)
    : m_bits(bits), m_wordsEach((static_cast<std::size_t>(bits) + kBitsAWord - 1) / kBitsAWord) {
    if (bits < 1) throw Error(ErrorCode::BadOption, "a code has at least one bit");
}

void PackedCodes::addRandom(std::size_t count, StepRandom& random) {
    const auto unused = m_wordsEach * kBitsAWord - static_cast<std::size_t>(m_bits);
    m_words.reserve(m_words.size() + count * m_wordsEach);
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t word = 0; word < m_wordsEach; ++word) m_words.push_back(random.bits());
        m_words.back() &= ~0ull << unused;
    }
}

std::vector<std::uint64_t> PackedCodes::packed(std::span<const std::uint8_t> bits) {
    std::vector<std::uint64_t> words((bits.size() + kBitsAWord - 1) / kBitsAWord);
    for (std::size_t i = 0; i < bits.size(); ++i)
        words[i / kBitsAWord] |= std::uint64_t{bits[i] != 0} << (kBitsAWord - 1 - i % kBitsAWord);
    return words;
}

void PackedCodes::add(std::span<const std::uint8_t> bits) {
    if (bits.size() != static_cast<std::size_t>(m_bits))
        throw Error(ErrorCode::BadOption,
                    fmt::format("a code of {} bits is not one of {}", bits.size(), m_bits));
    addWords(packed(bits));
}

void PackedCodes::addWords(std::span<const std::uint64_t> words) {
    m_words.insert(m_words.end(), words.begin(), words.end());
}

std::string_view toString(SearchKernel kernel) {
    switch (kernel) {
        case SearchKernel::Portable:
            return "portable";
        case SearchKernel::Avx2:
            return "AVX2";
        case SearchKernel::Avx512:
            return "AVX-512";
    }
    return "portable";
}

bool processorHas(SearchKernel kernel) {
#ifdef SIGNET_X86
    if (kernel == SearchKernel::Avx2)
        return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("popcnt") != 0;
    if (kernel == SearchKernel::Avx512) return __builtin_cpu_supports("avx512vpopcntdq") != 0;
#endif
    return kernel == SearchKernel::Portable;
}

SearchKernel bestSearchKernel() {
    for (const SearchKernel kernel : {SearchKernel::Avx512, SearchKernel::Avx2})
        if (processorHas(kernel)) return kernel;
    return SearchKernel::Portable;
}

std::vector<NearestCode> nearestCodes(const PackedCodes& codes, std::span<const std::uint64_t> code,
                                      std::size_t wanted, int threads, SearchKernel kernel) {
    if (!processorHas(kernel))
        throw Error(ErrorCode::BadOption,
                    fmt::format("this processor has no instructions of {}", toString(kernel)));
    if (code.size() != codes.wordsEach())
        throw Error(
            ErrorCode::BadOption,
            fmt::format("a code of another length is searched for among those of {} bits", codes.bits()));
    if (wanted == 0 || codes.count() == 0) return {};
    const Search search = searchBy(kernel, codes.wordsEach());
    const std::size_t parts = std::clamp<std::size_t>(codes.count() / kCodesAThread, 1,
                                                      static_cast<std::size_t>(std::max(1, threads)));
    std::vector<Nearest> found(parts, Nearest(wanted));
    const auto searchPart = [&](std::size_t part) {
        search({codes.words(0), codes.wordsEach(), codes.count() * part / parts,
                codes.count() * (part + 1) / parts},
               code.data(), found[part]);
    };
    {
        std::vector<std::jthread> others;
        for (std::size_t part = 1; part < parts; ++part) others.emplace_back(searchPart, part);
        searchPart(0);
    }
    Nearest nearest(wanted);
    for (Nearest& part : found)
        for (const NearestCode& one : std::move(part).codes()) nearest.take(one.index, one.differing);
    return std::move(nearest).codes();
}

}  // namespace signet::fingerprint
