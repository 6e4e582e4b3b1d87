#include <QJsonArray>

#include "core/base/file_io.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "support/cli_process.h"
#include "support/pictures.h"
#include "tests/support/test_program.h"

using namespace signet::test;

namespace {

/// A 64 x 48 picture whose top left pixel is red by this much, in the format its name ends in.
void writePicture(const QString& path, int red, int width = 64, int height = 48) {
    signet::image::Image image = picture(width, height);
    image.data[0] = static_cast<std::uint8_t>(red);
    signet::image::EncodeOptions options;
    options.format = signet::image::formatFromName(QFileInfo(path).suffix().toStdString());
    signet::writeFileAtomically(path.toStdString(), signet::image::encode(image, options),
                                signet::IfExists::Refuse);
}

signet::image::Image readPicture(const QString& path) {
    return signet::image::decode(signet::readFile(path.toStdString())).image;
}

void writeLines(const QString& path, const QByteArray& text) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text), text.size());
}

}  // namespace

/// compare, attack, roc and bench gui as scripts see them.
class TestCliMeasure : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
        writePicture(at("a.png"), 10);
        writePicture(at("b.png"), 30);
        writeLines(at("scores.txt"), ".1\n.4\n.35\n.8\n.8\n.2\n.65\n.4\n.9\n.05\n");
        writeLines(at("labels.txt"), "0\r\n0\r\n1\r\n1\r\n0\r\n0\r\n1\r\n1.0\r\n1\r\n0\r\n\r\n");
    }

    void compareRecord() {
        const Run run = runSignet({"compare", at("a.png"), at("b.png"), "--json", "--heatmap", at("k.png")});
        QCOMPARE(run.status, 0);
        QVERIFY(run.allJson());
        const QJsonObject record = run.records().value(0);
        const double mse = 400.0 / (64 * 48 * 3);
        QCOMPARE(record["mse"].toDouble(), mse);
        QCOMPARE(record["psnr_db"].toDouble(), 10 * std::log10(255 * 255 / mse));
        QCOMPARE(record["kappa_max"].toDouble(), 20.0);
        QVERIFY(std::abs(record["kappa_mean"].toDouble() - 20.0 / (64 * 48)) < 1e-9);
        QVERIFY(record["ssim"].toDouble() > 0.9 && record["ssim"].toDouble() < 1);
        const QJsonObject visible = record["visible"].toObject();
        QVERIFY(visible["p999"].toDouble() >= visible["p99"].toDouble() && visible["p99"].toDouble() > 0);
        QVERIFY(visible["share_over_1"].toDouble() >= 0 && visible["share_over_1"].toDouble() <= 1);
        const signet::image::Image map = readPicture(at("k.png"));
        QCOMPARE(QSize(map.width, map.height), QSize(64, 48));
        QVERIFY(sampleAt(map, 0, 0, 0) != sampleAt(map, 1, 0, 0));
        for (int c = 0; c < 3; ++c) QCOMPARE(sampleAt(map, 5, 9, c), sampleAt(map, 1, 0, c));
    }

    void benchGui() {
        if (!runSignet({"bench", "--help"}).out.contains("gui")) QSKIP("this build has no desktop");
        const Run run = runSignet(
            {"bench", "gui", "--points", "2000", "--redraws", "3", "--live-seconds", "0.5", "--json"});
        QCOMPARE(run.status, 0);
        QVERIFY(run.allJson());
        QCOMPARE(run.records().size(), 1);
        const QJsonObject record = run.records().value(0);
        QCOMPARE(record["name"].toString(), QString("gui"));
        QCOMPARE(record["n"].toInt(), 3);
        QCOMPARE(record["points"].toInt(), 2000);
        for (const char* key :
             {"ratio_to_unthinned", "seconds", "reference_seconds", "zoomed_seconds", "peak_rss_mib"})
            QVERIFY2(record[key].toDouble() > 0, key);
        QVERIFY(record["worst_seconds"].toDouble() >= record["seconds"].toDouble());
        const QJsonObject live = record["live"].toObject();
        QVERIFY(live["records"].toInt() > 0);
        QVERIFY(live["longest_block_seconds"].toDouble() > 0);
    }

    void compareIdentical() {
        const QJsonObject record =
            runSignet({"compare", at("a.png"), at("a.png"), "--json"}).records().value(0);
        QVERIFY(record["psnr_db"].isNull());
        QCOMPARE(record["ssim"].toDouble(), 1.0);
        QCOMPARE(record["visible"].toObject()["p999"].toDouble(), 0.0);
        QCOMPARE(record["kappa_max"].toDouble(), 0.0);
    }

    void compareTiny() {
        writePicture(at("tiny.png"), 9, 8, 8);
        const Run run = runSignet({"compare", at("tiny.png"), at("tiny.png"), "--json"});
        QCOMPARE(run.status, 0);
        QVERIFY(run.records().value(0)["ssim"].isNull());
    }

    void compareFailures_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("code");
        QTest::newRow("other size") << QStringList{"a.png", "small.png"} << 1 << "bad_option";
        QTest::newRow("missing") << QStringList{"a.png", "none.png"} << 1 << "not_found";
        QTest::newRow("not an image") << QStringList{"scores.txt", "a.png"} << 1 << "unsupported";
        QTest::newRow("heatmap exists")
            << QStringList{"a.png", "b.png", "--heatmap", "small.png"} << 1 << "exists";
        QTest::newRow("heatmap over an input")
            << QStringList{"a.png", "b.png", "--heatmap", "a.png", "--force"} << 1 << "exists";
        QTest::newRow("heatmap not PNG") << QStringList{"a.png", "b.png", "--heatmap", "k.jpg"} << 2 << "";
        QTest::newRow("one image") << QStringList{"a.png"} << 2 << "";
    }
    void compareFailures() {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QString, code);
        writePicture(at("small.png"), 10, 50, 40);
        const auto before = hashesUnder(m_folder->path());
        RunOptions options;
        options.workingFolder = m_folder->path();
        const Run run = runSignet(QStringList{"compare", "--json"} + arguments, options);
        QCOMPARE(run.status, status);
        QCOMPARE(run.records().isEmpty() ? QString() : errorCode(run.records().last()), code);
        QVERIFY(hashesUnder(m_folder->path()) == before);
    }

    void attackRecords() {
        const QStringList arguments{"attack",    "none+crop:0.25+flip", "-o",    at("out/deep"),
                                    at("a.png"), at("none.png"),        "--json"};
        const Run run = runSignet(arguments);
        QCOMPARE(run.status, 1);  // one of two failed, the other is there
        QVERIFY(run.allJson());
        QCOMPARE(run.records().size(), 2);
        const QJsonObject record = run.records().value(0);
        QCOMPARE(record["path"].toString(), at("a.png"));
        QCOMPARE(record["output"].toString(), at("out/deep/a.png"));
        QCOMPARE(record["spec"].toString(), QString("crop:0.25+flip"));
        QVERIFY(record["psnr_db"].isNull());
        const signet::image::Image attacked = readPicture(at("out/deep/a.png"));
        QCOMPARE(QSize(attacked.width, attacked.height), QSize(32, 24));
        QCOMPARE(errorCode(run.records().value(1)), QString("not_found"));
    }

    void attackPsnrIsThatOfTheFile() {
        const QJsonObject attacked =
            runSignet({"attack", "jpeg:30", "-o", at("out"), at("a.png"), "--json"}).records().value(0);
        const QJsonObject compared =
            runSignet({"compare", at("a.png"), at("out/a.png"), "--json"}).records().value(0);
        QVERIFY(attacked["psnr_db"].toDouble() > 15);
        QCOMPARE(attacked["psnr_db"].toDouble(), compared["psnr_db"].toDouble());
    }

    void attackFormats_data() {
        QTest::addColumn<QString>("ending");
        QTest::addColumn<QString>("output");
        QTest::newRow("JPEG becomes PNG") << "jpg"
                                          << "picture.png";
        QTest::newRow("PNG") << "png"
                             << "picture.png";
        QTest::newRow("BMP") << "bmp"
                             << "picture.bmp";
    }
    void attackFormats() {
        QFETCH(QString, ending);
        QFETCH(QString, output);
        writePicture(at("picture." + ending), 77);
        QCOMPARE(runSignet({"attack", "none", "-o", at("out"), at("picture." + ending)}).status, 0);
        const Run compared = runSignet({"compare", at("picture." + ending), at("out/" + output), "--json"});
        QVERIFY(compared.records().value(0)["psnr_db"].isNull());  // nothing was lost
        QCOMPARE(compared.status, 0);
    }

    void attackSeed() {
        const auto attack = [&](const QString& input, const QString& seed) {
            const Run run = runSignet(
                {"attack", "noise:0.1", "-o", at("out" + seed), at(input), "--seed", seed, "--force"});
            return run.status == 0 ? contents(at("out" + seed + "/" + input)) : QByteArray();
        };
        const QByteArray first = attack("a.png", "3");
        QVERIFY(!first.isEmpty());
        QVERIFY(QFile::copy(at("a.png"), at("copy.png")));
        QVERIFY(attack("copy.png", "3") == first);  // the name does not count
        QVERIFY(attack("a.png", "4") != first);
    }

    void attackRefusals_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("code");
        QTest::newRow("bad step") << QStringList{"blurr:2", "-o", "out", "a.png"} << 2 << "";
        QTest::newRow("out of range") << QStringList{"jpeg:0", "-o", "out", "a.png"} << 2 << "";
        QTest::newRow("no folder") << QStringList{"flip", "a.png"} << 2 << "";
        QTest::newRow("output exists") << QStringList{"flip", "-o", "there", "a.png"} << 1 << "exists";
        QTest::newRow("over the input")
            << QStringList{"flip", "--force", "-o", ".", "a.png"} << 1 << "exists";
        QTest::newRow("twice") << QStringList{"flip", "--force", "-o", "there", "a.png", "there/a.png"} << 1
                               << "exists";
    }
    void attackRefusals() {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QString, code);
        QVERIFY(QDir().mkdir(at("there")));
        QVERIFY(QFile::copy(at("a.png"), at("there/a.png")));
        const auto before = hashesUnder(m_folder->path());
        RunOptions options;
        options.workingFolder = m_folder->path();
        const Run run = runSignet(QStringList{"attack", "--json"} + arguments, options);
        QCOMPARE(run.status, status);
        QCOMPARE(run.records().isEmpty() ? QString() : errorCode(run.records().last()), code);
        QVERIFY(hashesUnder(m_folder->path()) == before);
    }

    void attackHelpListsTheSteps() {
        const Run run = runSignet({"attack", "--help"});
        QCOMPARE(run.status, 0);
        for (const char* step : {"jpeg:1..100", "cropresize:", "outside grey 128", "PNG"})
            QVERIFY2(run.out.contains(step), step);
    }

    void rocRecord() {
        const Run run = runSignet({"roc", "--scores", at("scores.txt"), "--labels", at("labels.txt"),
                                   "--threshold", "0.5", "--json"});
        QCOMPARE(run.status, 0);
        QVERIFY(run.allJson());
        const QJsonObject record = run.records().value(0);
        QCOMPARE(record["n_pos"].toInt(), 5);
        QCOMPARE(record["n_neg"].toInt(), 5);
        QCOMPARE(record["auc"].toDouble(), 0.8);
        const double half = 1.959963984540054 * std::sqrt(0.024) / 0.16;  // on the logit scale
        const QJsonArray ci95 = record["auc_ci95"].toArray();
        QVERIFY(std::abs(ci95[0].toDouble() - 1 / (1 + std::exp(half) / 4)) < 1e-9);
        QVERIFY(std::abs(ci95[1].toDouble() - 1 / (1 + std::exp(-half) / 4)) < 1e-9);
        QCOMPARE(record["average_precision"].toDouble(), 0.2 * (1 + 2.0 / 3 + 3.0 / 4 + 4.0 / 6 + 5.0 / 7));
        QCOMPARE(record["eer"].toDouble(), 0.3);
        QCOMPARE(record["threshold"].toDouble(), 0.5);
        QCOMPARE(record["accuracy"].toDouble(), 0.7);
        QCOMPARE(record["accuracy_ci95"].toArray().size(), 2);
        QCOMPARE(record["tp"].toInt(), 3);
        QCOMPARE(record["tn"].toInt(), 4);
        // few negatives support no such rate
        QVERIFY(record["tpr_at_fpr"].toObject()["0.01"].isNull());
        QVERIFY(record["tpr_at_fpr"].toObject()["0.001"].isNull());
    }

    void rocSaysWhenTheThresholdIsOutside() {
        const QJsonObject record =
            runSignet({"roc", "--scores", at("scores.txt"), "--labels", at("labels.txt"), "--json"})
                .records()
                .value(0);
        QVERIFY(record["warnings"].toArray()[0].toString().contains("every score is at or above"));
    }

    void rocPlots_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("magic");
        QTest::newRow("PNG") << "roc.png" << QByteArray("\x89PNG");
        QTest::newRow("PDF") << "roc.pdf" << QByteArray("%PDF-1.4");
    }
    void rocPlots() {
        QFETCH(QString, name);
        QFETCH(QByteArray, magic);
        const QStringList arguments{"roc",    "--scores", at("scores.txt"), "--labels", at("labels.txt"),
                                    "--plot", at(name)};
        QCOMPARE(runSignet(arguments).status, 0);
        QVERIFY(contents(at(name)).startsWith(magic));
        QCOMPARE(runSignet(arguments).status, 1);  // it exists
        QCOMPARE(runSignet(arguments + QStringList{"--force", "--log-fpr"}).status, 0);
    }

    void rocFailures_data() {
        QTest::addColumn<QByteArray>("scores");
        QTest::addColumn<QByteArray>("labels");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("message");
        QTest::newRow("word") << QByteArray("1\nx\n") << QByteArray("0\n1\n") << "corrupt"
                              << "line 2 is not a number";
        QTest::newRow("two a line") << QByteArray("1 2\n3\n") << QByteArray("0\n1\n") << "corrupt"
                                    << "line 1";
        QTest::newRow("gap") << QByteArray("1\n\n2\n") << QByteArray("0\n1\n") << "corrupt"
                             << "line 2 is empty";
        QTest::newRow("nan") << QByteArray("1\nnan\n") << QByteArray("0\n1\n") << "bad_option"
                             << "number 2 is not a number";
        QTest::newRow("label 2") << QByteArray("1\n2\n") << QByteArray("0\n2\n") << "corrupt"
                                 << "line 2 is 2";
        QTest::newRow("lengths") << QByteArray("1\n2\n3\n") << QByteArray("0\n1\n") << "bad_option"
                                 << "3 scores but 2 labels";
        QTest::newRow("one class") << QByteArray("1\n2\n") << QByteArray("1\n1\n") << "bad_option"
                                   << "both classes";
        QTest::newRow("empty") << QByteArray("") << QByteArray("") << "bad_option"
                               << "both classes";
    }
    void rocFailures() {
        QFETCH(QByteArray, scores);
        QFETCH(QByteArray, labels);
        QFETCH(QString, code);
        QFETCH(QString, message);
        writeLines(at("s"), scores);
        writeLines(at("l"), labels);
        const Run run = runSignet({"roc", "--scores", at("s"), "--labels", at("l"), "--json"});
        QCOMPARE(run.status, 1);
        QCOMPARE(run.records().size(), 1);
        const QJsonObject error = run.records()[0]["error"].toObject();
        QCOMPARE(error["code"].toString(), code);
        QVERIFY2(error["message"].toString().contains(message), qPrintable(error["message"].toString()));
    }

    void rocUsage() {
        const QStringList arguments{"roc", "--scores", at("scores.txt"), "--labels", at("labels.txt")};
        QCOMPARE(runSignet(arguments + QStringList{"--plot", at("roc.gif")}).status, 2);
        QCOMPARE(runSignet(arguments + QStringList{"--threshold", "high"}).status, 2);
        QCOMPARE(runSignet(arguments.mid(0, 3)).status, 1);  // a score file without labels
    }

private:
    QString at(const QString& name) const { return m_folder->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

SIGNET_TEST(TestCliMeasure)
#include "test_cli_measure.moc"
