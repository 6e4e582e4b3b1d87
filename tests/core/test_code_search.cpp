// The search for the nearest codes: every kernel that the processor has finds what counting bit by bit finds.
#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/fingerprint/code_search.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::fingerprint;

namespace {

using SearchedBits = std::vector<std::uint8_t>;

SearchedBits drawnBits(int bits, StepRandom& random) {
    SearchedBits code(static_cast<std::size_t>(bits));
    for (auto& bit : code) bit = random.chance(0.5);
    return code;
}

std::vector<std::pair<int, std::size_t>> nearestBitByBit(const std::vector<SearchedBits>& codes,
                                                         const SearchedBits& wanted, std::size_t count) {
    std::vector<std::pair<int, std::size_t>> order;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        int differing = 0;
        for (std::size_t bit = 0; bit < wanted.size(); ++bit) differing += codes[i][bit] != wanted[bit];
        order.emplace_back(differing, i);
    }
    std::sort(order.begin(), order.end());
    order.resize(std::min(count, order.size()));
    return order;
}

class TestCodeSearch : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void findsTheNearest_data() {
        QTest::addColumn<int>("kernel");
        QTest::addColumn<int>("bits");
        for (const SearchKernel kernel : {SearchKernel::Portable, SearchKernel::Avx2, SearchKernel::Avx512})
            for (const int bits : {1, 32, 64, 65, 128, 200, 256, 320, 512})
                QTest::addRow("%s, %d bits", toString(kernel).data(), bits)
                    << static_cast<int>(kernel) << bits;
    }
    void findsTheNearest() {
        QFETCH(const int, kernel);
        QFETCH(const int, bits);
        const auto used = static_cast<SearchKernel>(kernel);
        if (!processorHas(used)) QSKIP("this processor has not its instructions");
        StepRandom random(1, 2, static_cast<std::uint64_t>(bits));
        for (const std::size_t count : {1u, 7u, 8u, 9u, 1003u}) {
            PackedCodes codes(bits);
            std::vector<SearchedBits> plain;
            for (std::size_t i = 0; i < count; ++i) {
                plain.push_back(drawnBits(bits, random));
                codes.add(plain.back());
            }
            QCOMPARE(codes.count(), count);
            auto wanted = plain[random.index(count)];
            for (int i = 0; i < bits / 8; ++i) wanted[random.index(wanted.size())] ^= 1;
            const auto expected = nearestBitByBit(plain, wanted, 5);
            const auto found = nearestCodes(codes, PackedCodes::packed(wanted), 5, 2, used);
            QCOMPARE(found.size(), expected.size());
            for (std::size_t i = 0; i < found.size(); ++i)
                QCOMPARE(std::pair(found[i].differing, found[i].index), expected[i]);
        }
    }

    void threadsFindTheSame() {
        StepRandom random(5, 2, 1);
        PackedCodes codes(128);
        constexpr std::size_t kCodes = 500'000;
        codes.reserve(kCodes);
        for (std::size_t i = 0; i < kCodes; ++i) codes.addWords(std::vector{random.bits(), random.bits()});
        const auto wanted = PackedCodes::packed(drawnBits(128, random));
        const auto one = nearestCodes(codes, wanted, 20, 1, SearchKernel::Portable);
        const auto many = nearestCodes(codes, wanted, 20, 4);
        QCOMPARE(many.size(), one.size());
        for (std::size_t i = 0; i < one.size(); ++i) {
            QCOMPARE(many[i].index, one[i].index);
            QCOMPARE(many[i].differing, one[i].differing);
        }
    }

    void nothingAndOtherLengths() {
        const PackedCodes none(128);
        QVERIFY(nearestCodes(none, PackedCodes::packed(SearchedBits(128)), 3, 2).empty());
        QVERIFY_EXCEPTION_THROWN(nearestCodes(none, PackedCodes::packed(SearchedBits(64)), 3, 2), Error);
        PackedCodes codes(100);
        QVERIFY_EXCEPTION_THROWN(codes.add(SearchedBits(99)), Error);
        QVERIFY_EXCEPTION_THROWN(PackedCodes(0), Error);
        codes.add(SearchedBits(100, 1));
        QVERIFY(nearestCodes(codes, PackedCodes::packed(SearchedBits(100)), 0, 2).empty());
        QCOMPARE(nearestCodes(codes, PackedCodes::packed(SearchedBits(100)), 3, 2).front().differing, 100);
    }
};

}  // namespace

SIGNET_TEST(TestCodeSearch)
#include "test_code_search.moc"
