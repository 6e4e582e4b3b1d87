#include <cmath>
#include <string_view>

#include "core/base/error.h"
#include "core/image/decode.h"
#include "core/metrics/plot_canvas.h"
#include "core/metrics/roc.h"
#include "core/metrics/roc_plot.h"
#include "tests/core/tied_scores.h"
#include "tests/support/error_of.h"
#include "tests/support/numbers.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::metrics;
using test::kInfinity;
using test::near;
using tests::kTiedLabels;
using tests::kTiedScores;

namespace {

/// psi averaged over all pairs and its variance as DeLong's paper writes them, O(mn).
std::pair<double, double> delongByPairs(const std::vector<double>& scores, const std::vector<int>& labels) {
    std::vector<double> x, y;
    for (std::size_t i = 0; i < scores.size(); ++i) (labels[i] ? x : y).push_back(scores[i]);
    std::vector<double> v10(x.size()), v01(y.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        for (std::size_t j = 0; j < y.size(); ++j) {
            const double psi = x[i] > y[j] ? 1 : x[i] == y[j] ? 0.5 : 0;
            v10[i] += psi / static_cast<double>(y.size());
            v01[j] += psi / static_cast<double>(x.size());
        }
    }
    const auto meanAndVariance = [](const std::vector<double>& values) {
        double mean = 0, squares = 0;
        for (const double v : values) mean += v / static_cast<double>(values.size());
        for (const double v : values) squares += (v - mean) * (v - mean);
        return std::pair{mean, squares / static_cast<double>(values.size() - 1)};
    };
    const auto [auc, s10] = meanAndVariance(v10);
    const double s01 = meanAndVariance(v01).second;
    return {auc, s10 / static_cast<double>(x.size()) + s01 / static_cast<double>(y.size())};
}

RocPlot samplePlot(bool logFpr) {
    const Roc roc = computeRoc(kTiedScores, kTiedLabels);
    RocPlot plot;
    plot.title = "Test (a) \\ curve";
    plot.curves = {{"ties", roc.points, tprAtFpr(roc, 0.2).point},
                   {"chance", {roc.points.front(), roc.points.back()}, {}}};
    plot.caption = rocCaption(roc);
    plot.logFpr = logFpr;
    return plot;
}

}  // namespace

class TestRoc : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void handWorkedTies() {
        const Roc roc = computeRoc(kTiedScores, kTiedLabels);
        const struct {
            double threshold;
            int tp, fp;
        } expected[] = {{kInfinity, 0, 0}, {.9, 1, 0}, {.8, 2, 1}, {.65, 3, 1}, {.4, 4, 2},
                        {.35, 5, 2},       {.2, 5, 3}, {.1, 5, 4}, {.05, 5, 5}};
        QCOMPARE(roc.points.size(), std::size(expected));
        for (std::size_t i = 0; i < roc.points.size(); ++i) {
            QCOMPARE(roc.points[i].threshold, expected[i].threshold);
            QCOMPARE(roc.points[i].truePositives, std::int64_t{expected[i].tp});
            QCOMPARE(roc.points[i].falsePositives, std::int64_t{expected[i].fp});
        }
        QVERIFY(near(roc.auc, 0.8));
        QVERIFY(near(roc.aucVariance, 0.024));
        QVERIFY(near(roc.averagePrecision, 0.2 * (1 + 2.0 / 3 + 3.0 / 4 + 4.0 / 6 + 5.0 / 7)));
        QVERIFY(near(roc.eer, 0.3));
        QCOMPARE(roc.eerThreshold, 0.65);
        const double half = 1.959963984540054 * std::sqrt(0.024) / (0.8 * 0.2);
        QVERIFY(near(roc.aucCi95.lower, 1 / (1 + std::exp(half - std::log(4.0)))));
        QVERIFY(near(roc.aucCi95.upper, 1 / (1 + std::exp(-half - std::log(4.0)))));
    }

    void tprAtFpr_data() {
        QTest::addColumn<double>("maxFpr");
        QTest::addColumn<double>("tpr");
        QTest::addColumn<double>("fpr");
        QTest::addColumn<double>("threshold");
        QTest::newRow("none allowed") << 0.0 << 0.2 << 0.0 << 0.9;
        QTest::newRow("below one error") << 0.19 << 0.2 << 0.0 << 0.9;
        QTest::newRow("one error: the highest of two points") << 0.2 << 0.6 << 0.2 << 0.65;
        QTest::newRow("two errors") << 0.4 << 1.0 << 0.4 << 0.35;
        QTest::newRow("full TPR with the fewest errors") << 1.0 << 1.0 << 0.4 << 0.35;
    }
    void tprAtFpr() {
        QFETCH(double, maxFpr);
        const TprAtFpr at = metrics::tprAtFpr(computeRoc(kTiedScores, kTiedLabels), maxFpr);
        QTEST(at.point.tpr, "tpr");
        QTEST(at.point.fpr, "fpr");
        QTEST(at.point.threshold, "threshold");
        QVERIFY(at.tprCi95.lower <= at.point.tpr && at.tprCi95.upper >= at.point.tpr);
        QVERIFY(at.fprCi95.upper > at.point.fpr);
    }

    void accuracy_data() {
        QTest::addColumn<double>("threshold");
        QTest::addColumn<int>("tp");
        QTest::addColumn<int>("tn");
        QTest::newRow("between scores") << 0.5 << 3 << 4;
        QTest::newRow("on a tie: at or above counts") << 0.4 << 4 << 3;
        QTest::newRow("just above the tie") << 0.41 << 3 << 4;
        QTest::newRow("above all") << 2.0 << 0 << 5;
        QTest::newRow("below all") << -1.0 << 5 << 0;
    }
    void accuracy() {
        QFETCH(double, threshold);
        QFETCH(int, tp);
        QFETCH(int, tn);
        const Accuracy at = accuracyAt(computeRoc(kTiedScores, kTiedLabels), threshold);
        QCOMPARE(at.truePositives, std::int64_t{tp});
        QCOMPARE(at.trueNegatives, std::int64_t{tn});
        QVERIFY(near(at.value, (tp + tn) / 10.0));
        const Interval expected = clopperPearson(tp + tn, 10);
        QCOMPARE(at.ci95.lower, expected.lower);
        QCOMPARE(at.ci95.upper, expected.upper);
    }

    void separatedClasses() {
        const std::vector<double> scores{3, 4, 5, 0, 1, 2};
        const std::vector<int> labels{1, 1, 1, 0, 0, 0};
        const Roc roc = computeRoc(scores, labels);
        QCOMPARE(roc.auc, 1.0);
        QCOMPARE(roc.eer, 0.0);
        QCOMPARE(roc.eerThreshold, 3.0);
        QCOMPARE(roc.averagePrecision, 1.0);
        QCOMPARE(roc.aucVariance, 0.0);
        QVERIFY(near(roc.aucCi95.lower, std::cbrt(0.025)));  // three independent pairs, all in order
        QCOMPARE(roc.aucCi95.upper, 1.0);
    }

    void oneScoreForAll() {
        const Roc roc = computeRoc(std::vector<double>{7, 7, 7, 7}, std::vector<int>{1, 0, 0, 1});
        QCOMPARE(roc.points.size(), std::size_t{2});
        QCOMPARE(roc.auc, 0.5);
        QCOMPARE(roc.averagePrecision, 0.5);
        QCOMPARE(roc.eer, 0.5);
        QVERIFY(roc.aucCi95.lower < 0.2 && roc.aucCi95.upper > 0.8);  // nothing is known with two of each
    }

    void oneOfAClass() {
        const Roc roc = computeRoc(std::vector<double>{1, 2, 3}, std::vector<int>{0, 1, 0});
        QCOMPARE(roc.auc, 0.5);
        QVERIFY(std::isnan(roc.aucVariance));
        QCOMPARE(roc.aucCi95.lower, 0.0);
        QCOMPARE(roc.aucCi95.upper, 1.0);
    }

    void againstAllPairs() {
        std::vector<double> scores;
        std::vector<int> labels;
        std::uint32_t state = 7;
        for (int i = 0; i < 400; ++i) {
            state = state * 1664525u + 1013904223u;
            labels.push_back(state >> 30 == 0);
            scores.push_back(
                static_cast<double>(((state >> 12) & 31) + (labels.back() ? 9u : 0u)));  // many ties
        }
        const Roc roc = computeRoc(scores, labels);
        const auto [auc, variance] = delongByPairs(scores, labels);
        QVERIFY(near(roc.auc, auc));
        QVERIFY(near(roc.aucVariance, variance));
        double trapezoids = 0;
        for (std::size_t i = 1; i < roc.points.size(); ++i) {
            const RocPoint &a = roc.points[i - 1], &b = roc.points[i];
            trapezoids += (b.fpr - a.fpr) * (a.tpr + b.tpr) / 2;
        }
        QVERIFY(near(roc.auc, trapezoids));
    }

    void infiniteScores() {
        const Roc roc =
            computeRoc(std::vector<double>{kInfinity, 1, -kInfinity, 0}, std::vector<int>{1, 1, 0, 0});
        QCOMPARE(roc.auc, 1.0);
        QCOMPARE(accuracyAt(roc, 0.5).value, 1.0);
        QCOMPARE(accuracyAt(roc, kInfinity).truePositives, std::int64_t{1});
    }

    void refused_data() {
        QTest::addColumn<QVector<double>>("scores");
        QTest::addColumn<QVector<int>>("labels");
        QTest::newRow("lengths differ") << QVector<double>{1, 2} << QVector<int>{1};
        QTest::newRow("not a number") << QVector<double>{1, std::nan("")} << QVector<int>{1, 0};
        QTest::newRow("label 2") << QVector<double>{1, 2, 3} << QVector<int>{1, 0, 2};
        QTest::newRow("one class") << QVector<double>{1, 2} << QVector<int>{1, 1};
        QTest::newRow("empty") << QVector<double>{} << QVector<int>{};
    }
    void refused() {
        QFETCH(QVector<double>, scores);
        QFETCH(QVector<int>, labels);
        const auto size = [](const auto& v) { return static_cast<std::size_t>(v.size()); };
        QVERIFY(test::errorOf([&] {
                    computeRoc({scores.data(), size(scores)}, {labels.data(), size(labels)});
                }).startsWith("bad_option"));
    }

    void plot_data() {
        QTest::addColumn<bool>("logFpr");
        QTest::newRow("linear") << false;
        QTest::newRow("logarithmic") << true;
    }
    void plot() {
        QFETCH(bool, logFpr);
        const auto png = rocPlotPng(samplePlot(logFpr));
        const image::Image drawn = image::toRgb8(image::decode(png).image);
        QVERIFY(drawn.width > 600 && drawn.height > 600);
        int blue = 0;
        for (std::size_t i = 0; i < drawn.data.size(); i += 3) {
            blue += drawn.data[i] == 0 && drawn.data[i + 1] == 114 && drawn.data[i + 2] == 178;
        }
        QVERIFY2(blue > 500, "the first curve is not there in its colour");
    }

    void pdfStructure() {
        const auto bytes = rocPlotPdf(samplePlot(false));
        const std::string pdf(bytes.begin(), bytes.end());
        QVERIFY(pdf.starts_with("%PDF-1.4\n"));
        QVERIFY(pdf.ends_with("%%EOF\n"));
        QVERIFY(pdf.find("(Test \\(a\\) \\\\ curve) Tj") != std::string::npos);
        QVERIFY(pdf.find("(AUC 0.8000, 95 % CI") != std::string::npos);
        // Every entry of the cross-reference table points at its object.
        const std::size_t start = std::stoul(pdf.substr(pdf.rfind("startxref\n") + 10));
        QCOMPARE(pdf.substr(start, 9), std::string("xref\n0 7\n"));
        for (int i = 1; i <= 6; ++i) {
            const std::size_t entry = start + 9 + 20 * static_cast<std::size_t>(i);
            const std::size_t offset = std::stoul(pdf.substr(entry, 10));
            const std::string head = std::to_string(i) + " 0 obj\n";
            QCOMPARE(pdf.substr(offset, head.size()), head);
        }
        QVERIFY(rocPlotPdf(samplePlot(false)) == bytes);
    }

    void pdfReadByPoppler() {
        const QString tool = QStandardPaths::findExecutable("pdftotext");
        if (tool.isEmpty()) QSKIP("pdftotext (poppler-utils) is not installed");
        QTemporaryDir folder;
        QFile file(folder.filePath("roc.pdf"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto bytes = rocPlotPdf(samplePlot(true));
        file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<qint64>(bytes.size()));
        file.close();
        QProcess process;
        process.start(tool, {file.fileName(), "-"});
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 0);
        QCOMPARE(process.readAllStandardError(), QByteArray());
        const QByteArray text = process.readAllStandardOutput();
        QVERIFY(text.contains("False positive rate"));
        QVERIFY(text.contains("n = 5 positives, 5 negatives"));
    }

    void asciiOnly() { QCOMPARE(printableAscii("95 % \xC2\xB1 2\n"), std::string("95 % ? 2?")); }
};

SIGNET_TEST(TestRoc)
#include "test_roc.moc"
