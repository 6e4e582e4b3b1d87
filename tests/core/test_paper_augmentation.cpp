#include <algorithm>
#include <cmath>

#include "core/attacks/paper_augmentation.h"
#include "core/base/error.h"
#include "support/pictures.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::attacks;
using namespace signet::test;

class TestPaperAugmentation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void paperDraws_data() {
        QTest::addColumn<bool>("code");
        QTest::newRow("text") << false;
        QTest::newRow("code") << true;
    }
    void paperDraws() {
        QFETCH(bool, code);
        const PaperAugmentation options{code ? PaperAugmentation::Source::Code
                                             : PaperAugmentation::Source::Text};
        QVERIFY(PaperAugmentation::fromJson(options.toJson()).source == options.source);
        int flips = 0;
        double lowest = 0, highest = 0, widest = 0, narrowest = 10;
        for (std::uint64_t seed = 0; seed < 4000; ++seed) {
            const PaperDraw draw = drawPaperAugmentation(options, seed);
            flips += draw.flip;
            lowest = std::min(lowest, draw.rotationDegrees);
            highest = std::max(highest, draw.rotationDegrees);
            narrowest = std::min(narrowest, draw.blurSigma);
            widest = std::max(widest, draw.blurSigma);
            if (!code) continue;
            QCOMPARE(draw.rotationDegrees, std::round(draw.rotationDegrees));
            const double place = (draw.blurSigma - 0.01) / 0.11;  // on the grid linspace(0.01, 1, 10)
            QVERIFY(std::abs(place - std::round(place)) < 1e-9);
        }
        QVERIFY(std::abs(flips - 2000) < 160);  // five standard deviations
        QVERIFY(lowest >= -30 && lowest < -29.9 && highest <= 30 && highest > 29.9);
        QVERIFY(widest <= (code ? 1 : std::sqrt(10)) && widest > (code ? 0.999 : 3.15));
        QVERIFY(narrowest >= (code ? 0.01 : 0.1) && narrowest < (code ? 0.011 : 0.2));
    }

    void paperCodeDetails() {
        const PaperAugmentation code{PaperAugmentation::Source::Code};
        const image::Image before = picture(33, 33);
        // sigma 0.01 is the identity, zero padding in [-1,1] is grey: only the outermost two pixels of a flat
        // image change
        QVERIFY(same(applyPaperAugmentation(before, code, {0, 0.01, false}), before));
        const image::Image edge = applyPaperAugmentation(flat(9, 9, 228, 228, 228), code, {0, 1, false});
        QCOMPARE(sampleAt(edge, 4, 4, 0), 228);
        QCOMPARE(sampleAt(edge, 2, 2, 0), 228);
        const double w0 = 1, w1 = std::exp(-0.5), w2 = std::exp(-2);
        const double inside = (w0 + w1 + w2) / (w0 + 2 * w1 + 2 * w2);
        QCOMPARE(sampleAt(edge, 0, 4, 0), static_cast<int>(std::lround(127.5 + inside * 100.5)));
        // nearest neighbour makes no new values, apart from the grey outside
        const image::Image turned = applyPaperAugmentation(flat(33, 33, 10, 20, 30), code, {30, 0.01, false});
        for (std::size_t i = 0; i < turned.data.size(); i += 3) {
            QVERIFY(turned.data[i] == 10 || turned.data[i] == 128);
        }
        QCOMPARE(sampleAt(turned, 0, 0, 0), 128);
        QVERIFY_EXCEPTION_THROWN(PaperAugmentation::fromJson({{"source", "book"}}), Error);
        QVERIFY_EXCEPTION_THROWN(PaperAugmentation::fromJson({{"source", 3}}), Error);
    }
};

SIGNET_TEST(TestPaperAugmentation)
#include "test_paper_augmentation.moc"
