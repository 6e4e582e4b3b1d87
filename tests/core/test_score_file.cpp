// Score files: what people write, and what they should not.
#include <QTemporaryDir>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/metrics/score_file.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::metrics;

class TestScoreFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("comma") << QByteArray("1.5,1\n-2,0\n");
        QTest::newRow("semicolon") << QByteArray("1.5;1\n-2;0");
        QTest::newRow("tab, CRLF") << QByteArray("1.5\t1\r\n-2\t0\r\n");
        QTest::newRow("blanks") << QByteArray("  1.5   1\n-2 0 \n");
        QTest::newRow("header") << QByteArray("score, label\n1.5, 1\n-2, 0\n");
        QTest::newRow("header in other words") << QByteArray("logit,truth\n1.5,1\n-2,0\n");
        QTest::newRow("columns by name") << QByteArray("path,Label,x,Score\na,1,7,1.5\nb,0,8,-2\n");
        QTest::newRow("words") << QByteArray("1.5,signed\n-2,Unsigned\n");
        QTest::newRow("byte order mark, comment, gap")
            << QByteArray("\xEF\xBB\xBF# mine\n\n+1.5,1\n\n-2,0.0\n");
        QTest::newRow("quotes") << QByteArray("\"1.5\",\"1\"\n-2e0,\"0\"\n");
    }
    void reads() {
        QFETCH(QByteArray, text);
        const auto detectors = read(text);
        QCOMPARE(detectors.size(), std::size_t(1));
        QCOMPARE(detectors[0].name, std::string());
        QCOMPARE(detectors[0].scores, (std::vector<double>{1.5, -2}));
        QCOMPARE(detectors[0].labels, (std::vector<int>{1, 0}));
    }

    void severalDetectors() {
        const auto detectors = read("score,label,model\n1,1,b\n2,0,\"a, \"\"x\"\"\"\n3,1,b\n4,0,\n");
        QCOMPARE(detectors.size(), std::size_t(3));
        QCOMPARE(detectors[0].name, std::string("b"));
        QCOMPARE(detectors[0].scores, (std::vector<double>{1, 3}));
        QCOMPARE(detectors[1].name, std::string("a, \"x\""));
        QCOMPARE(detectors[2].name, std::string());
        const auto tabs = read("1\t1\tone two\n0\t0\tone two\n");
        QCOMPARE(tabs.size(), std::size_t(1));
        QCOMPARE(tabs[0].name, std::string("one two"));
    }

    void whatIsWrittenIsReadAgain() {
        const std::vector<ScoreLine> lines{{0.1, 1, "a,b \"c\"", "/x/\xFFy, z.png"},
                                           {-1e-300, 0, "a,b \"c\"", "two\nlines.png"},
                                           {1.0 / 3, 0, "plain", ""}};
        const auto detectors = read(QByteArray::fromStdString(scoreCsv(lines)));
        QCOMPARE(detectors.size(), std::size_t(2));
        QCOMPARE(detectors[0].name, lines[0].detector);
        QCOMPARE(detectors[0].scores, (std::vector<double>{0.1, -1e-300}));
        QCOMPARE(detectors[1].scores, (std::vector<double>{1.0 / 3}));
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("message");
        QTest::newRow("empty") << QByteArray() << "no line with a score";
        QTest::newRow("header alone") << QByteArray("score,label\n") << "no line with a score";
        QTest::newRow("word") << QByteArray("1,1\nx,0\n") << "line 2 has no number as its score: \"x\"";
        QTest::newRow("nan") << QByteArray("1,1\n2,0\nnan,0\n") << "line 3 has a score that is not finite";
        QTest::newRow("infinity in front")
            << QByteArray("inf,1\n") << "line 1 has a score that is not finite";
        QTest::newRow("no label") << QByteArray("1,1\n2\n") << "line 2 has no label";
        QTest::newRow("numbers alone") << QByteArray("1\n2\n") << "line 1 has no label";
        QTest::newRow("empty label") << QByteArray("1,1\n2,\n") << "line 2 has the label \"\"";
        QTest::newRow("label 2") << QByteArray("1,2\n") << "line 1 has the label \"2\"";
        QTest::newRow("decimal comma") << QByteArray("1,5;1\n") << "line 1 has no number";
        QTest::newRow("too few by name")
            << QByteArray("label,x,score\n1,2\n") << "line 2 has 2 fields instead of 3";
        QTest::newRow("open quote") << QByteArray("1,1,\"a\n") << "line 1 has a quote";
        QTest::newRow("text behind a quote") << QByteArray("1,1,\"a\"b\n") << "line 1 has text behind";
        QTest::newRow("zero byte") << QByteArray("1,1\n2\0,0\n", 9) << "zero byte";
        QTest::newRow("not UTF-8") << QByteArray("1,1\n\xFF\xFE,0\n") << "line 2 has no number";
        QTest::newRow("overflow") << QByteArray("1,1\n1e999,0\n") << "line 2 has no number";
    }
    void refuses() {
        QFETCH(QByteArray, text);
        QFETCH(QString, message);
        const QString said = test::errorOf([&] { read(text); }, ErrorCode::Corrupt);
        QVERIFY2(said.contains(message), qPrintable(said));
    }

    void hugeLineIsCutInTheMessage() {
        const QByteArray text = "1,1\n" + QByteArray("ä").repeated(4'000'000) + ",0\n";
        try {
            read(text);
            QFAIL("it was read");
        } catch (const Error& error) {
            QVERIFY(std::string_view(error.what()).size() < 200);
            QVERIFY(QString::fromUtf8(error.what()).contains(QStringLiteral("line 2")));
            QVERIFY(!QString::fromUtf8(error.what()).contains(QChar::ReplacementCharacter));
        }
    }

    void binaryNeverCrashes() {
        QByteArray bytes(20'000, '\0');
        unsigned state = 1;
        for (char& c : bytes) c = static_cast<char>((state = state * 1664525u + 1013904223u) >> 24 | 1);
        QVERIFY_EXCEPTION_THROWN(read(bytes), Error);
    }

    void largeFileIsQuick() {
        QByteArray text;
        for (int i = 0; i < 300'000; ++i)
            text += QByteArray::number(i * 0.001, 'f', 3) + (i % 2 ? ",1,d\n" : ",0,d\n");
        QElapsedTimer clock;
        clock.start();
        QCOMPARE(read(text).front().scores.size(), std::size_t(300'000));
        QVERIFY2(clock.elapsed() < 5000, qPrintable(QString::number(clock.elapsed())));
    }

    void missingFile() {
        QVERIFY(test::errorOf([&] {
                    readScoreFile(m_folder.filePath("none").toStdString());
                }).startsWith("not_found"));
    }

private:
    std::vector<DetectorScores> read(const QByteArray& text) {
        const std::string path = m_folder.filePath("scores").toStdString();
        writeFileAtomically(path, std::string_view(text.constData(), static_cast<std::size_t>(text.size())),
                            IfExists::Replace);
        return readScoreFile(path);
    }

    QTemporaryDir m_folder;
};

SIGNET_TEST(TestScoreFile)
#include "test_score_file.moc"
