#include <QTemporaryDir>

#include "core/attacks/perturbation.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/platform.h"
#include "core/base/text.h"
#include "core/examine/claim.h"
#include "core/examine/detector.h"
#include "core/examine/evaluation.h"
#include "core/examine/examine.h"
#include "core/examine/record_json.h"
#include "core/image/encode.h"
#include "core/image/find_images.h"
#include "core/image/resample.h"
#include "core/models/model_store.h"
#include "tests/core/image_builders.h"
#include "tests/support/test_program.h"

// Designated initialisers name what a test is about; the other fields keep their defaults.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

using namespace signet;
using namespace signet::examine;
using namespace signet::tests;
namespace fs = std::filesystem;

namespace {

constexpr const char* kModel = "photo-code32";

/// The sample photographs, decoded.
const std::vector<image::Image>& photographs() {
    static const std::vector<image::Image> all = [] {
        std::vector<image::Image> list;
        for (const auto& path : image::findImages({dataFolder() / "resources/samples"}, {}).files) {
            const std::string name = path.filename().string();
            if (name.find("-signed") != name.npos || name.find("-attacked") != name.npos) continue;
            list.push_back(image::toRgb8(image::decode(readFile(path)).image));
        }
        return list;
    }();
    return all;
}

/// A sample photograph cut to the aspect ratio asked for and resized, of 1, 3 or 4 channels and 8 or 16 bits.
image::Image photograph(std::size_t index, int width, int height, int channels = 3, int depth = 8) {
    const auto& from = photographs()[index % photographs().size()];
    const double scale = std::min(double(from.width) / width, double(from.height) / height);
    const int w = std::max(1, int(width * scale)), h = std::max(1, int(height * scale));
    const int left = (from.width - w) / 2, top = (from.height - h) / 2;
    auto cut = image::makeImage(w, h, 3);
    for (int y = 0; y < h; ++y)
        std::copy_n(from.data.begin() + (std::ptrdiff_t(top + y) * from.width + left) * 3, w * 3,
                    cut.data.begin() + std::ptrdiff_t(y) * w * 3);
    const auto rgb = image::resize(cut, width, height);
    auto out = image::makeImage(width, height, channels, depth);
    for (std::size_t i = 0; i < rgb.pixelCount(); ++i) {
        for (int c = 0; c < channels; ++c) {
            const auto* p = &rgb.data[3 * i];
            const int value = channels == 1 ? (p[0] + 2 * p[1] + p[2]) / 4 : c == 3 ? int(i % 256) : p[c];
            const std::size_t at = i * std::size_t(channels) + std::size_t(c);
            if (depth == 16)
                out.samples16()[at] = std::uint16_t(value * 257);
            else
                out.data[at] = std::uint8_t(value);
        }
    }
    return out;
}

void requireKeys(const Json& json, std::initializer_list<const char*> keys) {
    for (const char* key : keys) QVERIFY2(json.contains(key), key);
}

}  // namespace

class TestExamine : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    std::unique_ptr<Examiner> m_examiner;
    QString m_missing;

    fs::path file(const std::string& name) const { return fs::path(m_temporary.path().toStdString()) / name; }
    fs::path saved(const std::string& name, const image::Image& picture,
                   image::EncodeOptions options = {}) const {
        writeFileAtomically(file(name), image::encode(picture, options), IfExists::Replace);
        return file(name);
    }

private Q_SLOTS:
    void initTestCase() {
        try {
            m_examiner = std::make_unique<Examiner>(
                Examiner::Options{.device = "cpu", .threads = 1, .workspace = file("workspace")});
            m_examiner->loadModel(kModel);
        } catch (const Error& error) {
            m_examiner.reset();
            // Only its absence may skip tests; an installed model that is damaged must fail them.
            QVERIFY2(error.code() == ErrorCode::NotFound, error.what());
            m_missing = QString("the shipped model %1 is not installed").arg(kModel);
        }
    }

    void signAndCheck_data() {
        QTest::addColumn<int>("format");
        QTest::addColumn<int>("quality");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("channels");
        QTest::addColumn<int>("depth");
        using image::Format;
        const std::pair<Format, int> formats[] = {
            {Format::Png, 95}, {Format::Jpeg, 95}, {Format::WebP, 95}, {Format::Tiff, 95}};
        const std::pair<int, int> sizes[] = {{96, 96}, {256, 256}, {1000, 700}, {4000, 300}};
        for (const auto& [format, quality] : formats)
            for (const auto& [width, height] : sizes)
                QTest::addRow("%s %dx%d", image::toString(format).data(), width, height)
                    << int(format) << quality << width << height << 3 << 8;
        QTest::newRow("grey png") << int(Format::Png) << 95 << 400 << 300 << 1 << 8;
        QTest::newRow("grey jpeg") << int(Format::Jpeg) << 95 << 400 << 300 << 1 << 8;
        QTest::newRow("RGBA png") << int(Format::Png) << 95 << 400 << 300 << 4 << 8;
        QTest::newRow("RGBA webp") << int(Format::WebP) << 95 << 400 << 300 << 4 << 8;
        QTest::newRow("16-bit png") << int(Format::Png) << 95 << 400 << 300 << 3 << 16;
        QTest::newRow("16-bit tiff") << int(Format::Tiff) << 95 << 400 << 300 << 3 << 16;
    }
    /// What is signed reads back from the saved file, here and in a check of its own; the input stays as it
    /// was, the unsigned picture carries nothing, and signing again says that there was a signature.
    void signAndCheck() {
        if (!m_examiner) QSKIP(qPrintable(m_missing));
        QFETCH(int, format);
        QFETCH(int, quality);
        QFETCH(int, width);
        QFETCH(int, height);
        QFETCH(int, channels);
        QFETCH(int, depth);
        const auto kind = static_cast<image::Format>(format);
        const auto input =
            saved("in", photograph(3, width, height, channels, depth), {.format = kind, .quality = quality});
        const Bytes before = readFile(input);
        const fs::path output = file(std::string("out") + std::string(image::extensionOf(kind)));
        fs::remove(output);
        SignOptions options{.model = kModel};
        options.codeHex = "deadbeef";
        options.quality = quality;
        if (height < 100) options.strength = 1.5;  // the smallest images hold 32 bits in WebP no more surely
        const auto record = m_examiner->sign(input, output, options);
        QVERIFY2(!record.error, record.error ? record.error->message.c_str() : "");
        QVERIFY(record.verified);
        QVERIFY(!record.alreadySigned);
        QCOMPARE(record.codeHex, std::string("deadbeef"));
        QVERIFY2(record.psnrDb > 38 && record.psnrDb < 60, qPrintable(QString::number(record.psnrDb)));
        QVERIFY(record.ssim > 0.9 && record.ssim <= 1);
        QVERIFY(readFile(input) == before);
        QCOMPARE(record.sha256In, sha256Hex(before));
        QCOMPARE(record.sha256Out, sha256Hex(readFile(output)));

        const auto decoded = image::decode(readFile(output));
        QVERIFY(decoded.info.format == kind);
        QCOMPARE(decoded.image.width, width);
        QCOMPARE(decoded.image.height, height);
        if (kind == image::Format::Png || kind == image::Format::Tiff) {
            // A grey picture is signed as RGB: the signature lies mostly in colour differences.
            QCOMPARE(decoded.image.channels, channels == 1 ? 3 : channels);
            QCOMPARE(decoded.image.depth, depth);
        }

        const auto checked = m_examiner->check(output, {.models = {kModel}});
        QVERIFY(!checked.error);
        QCOMPARE(checked.findings.size(), std::size_t(1));
        const auto& finding = checked.findings.front();
        QVERIFY(finding.presence == Presence::Present);
        QVERIFY(finding.code.has_value());
        QCOMPARE(finding.code->hex, std::string("deadbeef"));
        QVERIFY(finding.code->confidence > 0.5 && finding.code->confidence <= 1);
        QCOMPARE(finding.code->bitConfidence.size(), std::size_t(32));

        const auto again = m_examiner->sign(
            output, file("again.png"),
            {.model = kModel, .codeHex = "12345678", .format = image::Format::Png, .force = true});
        QVERIFY(again.alreadySigned);
        QVERIFY(again.codeBefore.has_value());
        QCOMPARE(again.codeBefore->hex, std::string("deadbeef"));
    }

    void turnedAndMirrored_data() {
        QTest::addColumn<QString>("attack");
        for (const char* attack : {"rotate:10", "rotate:-16", "rotate:24", "rotate:-28", "flip+rotate:8",
                                   "flip+rotate:-20", "rotate:27+flip"})
            QTest::newRow(attack) << QString(attack);
    }
    void turnedAndMirrored() {
        if (!m_examiner) QSKIP(qPrintable(m_missing));
        QFETCH(QString, attack);
        const auto output = file("signed.png");
        const auto record = m_examiner->sign(saved("in.png", photograph(3, 512, 400)), output,
                                             {.model = kModel, .codeHex = "deadbeef", .force = true});
        QVERIFY2(!record.error, record.error ? record.error->message.c_str() : "");
        const auto attacked = attacks::apply(image::decode(readFile(output)).image,
                                             attacks::parsePerturbation(attack.toStdString()), 1);
        const auto checked = m_examiner->check(saved("turned.png", attacked), {.models = {kModel}});
        const auto& finding = checked.findings.front();
        QVERIFY(finding.presence == Presence::Present);
        // one wrong bit in a hundred is what the evaluation measures for such views
        const auto read = bitsFromHex(finding.code->hex, 32), written = bitsFromHex("deadbeef", 32);
        int wrong = 0;
        for (std::size_t i = 0; i < read.size(); ++i) wrong += read[i] != written[i];
        QVERIFY2(wrong <= 3, finding.code->hex.c_str());
    }

    void unsignedPhotographsCarryNothing() {
        if (!m_examiner) QSKIP(qPrintable(m_missing));
        QVERIFY(photographs().size() >= 6);
        for (std::size_t i = 0; i < photographs().size(); ++i) {
            const auto record = m_examiner->check(saved("plain.png", photographs()[i]), {.models = {kModel}});
            QVERIFY(!record.error);
            QVERIFY2(record.findings.front().presence != Presence::Present, qPrintable(QString::number(i)));
        }
    }

    void tooSmall_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::newRow("95 x 300") << 95 << 300;
        QTest::newRow("300 x 95") << 300 << 95;
        QTest::newRow("1 x 1") << 1 << 1;
    }
    void tooSmall() {
        if (!m_examiner) QSKIP(qPrintable(m_missing));
        QFETCH(int, width);
        QFETCH(int, height);
        const auto input = saved("small.png", photograph(0, width, height));
        const auto checked = m_examiner->check(input, {.models = {kModel}});
        QVERIFY(checked.error && checked.error->code == "too_small");
        QVERIFY(checked.findings.empty());
        const auto output = file("small-out.png");
        const auto record = m_examiner->sign(input, output, {.model = kModel, .codeHex = "1"});
        QVERIFY(record.error && record.error->code == "too_small");
        QVERIFY(!fs::exists(output));
    }

    void refusals() {
        if (!m_examiner) QSKIP(qPrintable(m_missing));
        const auto input = saved("refusals.png", photograph(1, 200, 150));
        const auto output = file("refusals-out.png");
        for (const char* code : {"0", "00000000", "1ffffffff", "xyz"}) {
            QCOMPARE(codeOf([&] { m_examiner->sign(input, output, {.model = kModel, .codeHex = code}); }),
                     nameOf(ErrorCode::BadOption));
            QVERIFY2(!fs::exists(output), code);
        }
        for (const double strength : {0.0, -1.0, 5.0, std::nan("")})
            QCOMPARE(codeOf([&] {
                         m_examiner->sign(input, output,
                                          {.model = kModel, .codeHex = "1", .strength = strength});
                     }),
                     nameOf(ErrorCode::BadOption));
        QCOMPARE(codeOf([&] { m_examiner->sign(input, output, {.model = "nonesuch"}); }),
                 nameOf(ErrorCode::NotFound));
        QCOMPARE(codeOf([&] { m_examiner->check(input, {.models = {"nonesuch"}}); }),
                 nameOf(ErrorCode::NotFound));

        writeFileAtomically(output, "mine", IfExists::Refuse);
        const auto refused = m_examiner->sign(input, output, {.model = kModel, .codeHex = "1"});
        QVERIFY(refused.error && refused.error->code == "exists");
        QCOMPARE(readTextFile(output), std::string("mine"));
        const auto forced = m_examiner->sign(input, output, {.model = kModel, .codeHex = "1", .force = true});
        QVERIFY(!forced.error && forced.verified);
        QCOMPARE(forced.codeHex, std::string("00000001"));

        writeFileAtomically(file("text.png"), "not a picture", IfExists::Replace);
        const auto broken = m_examiner->check(file("text.png"), {.models = {kModel}});
        QVERIFY(broken.error && broken.error->code == "unsupported");
        QVERIFY(!broken.sha256.empty());
        const auto absent = m_examiner->check(file("absent.png"), {.models = {kModel}});
        QVERIFY(absent.error && absent.error->code == "not_found");
    }

    void randomCodesDiffer() {
        if (!m_examiner) QSKIP(qPrintable(m_missing));
        const auto input = saved("random.png", photograph(2, 160, 160));
        const auto a = m_examiner->sign(input, file("random-a.png"), {.model = kModel, .force = true});
        const auto b = m_examiner->sign(input, file("random-b.png"), {.model = kModel, .force = true});
        QVERIFY(!a.error && !b.error);
        QCOMPARE(a.codeHex.size(), std::size_t(8));
        QVERIFY(a.codeHex != b.codeHex);
    }

    /// Informed embedding reads at least as surely as the injector's residual alone, for at most 4 dB.
    void informedEmbedding_data() {
        QTest::addColumn<QString>("model");
        QTest::newRow("code") << kModel;
        QTest::newRow("presence") << "photo-presence";
    }
    void informedEmbedding() {
        if (!m_examiner) QSKIP(qPrintable(m_missing));
        QFETCH(QString, model);
        SignOptions options{.model = model.toStdString(), .format = image::Format::Png, .force = true};
        if (model == kModel) options.codeHex = "0badcafe";
        double plainBits = 0, informedBits = 0, plainLeast = 1e9, informedLeast = 1e9;
        for (std::size_t i = 0; i < photographs().size(); ++i) {
            // Half of a bright picture is clipped: what is left must carry the signature.
            const auto input =
                saved("bright.png",
                      attacks::apply(photographs()[i], attacks::parsePerturbation("brightness:1.8"), 1));
            for (const bool informed : {false, true}) {
                options.informed = informed;
                const auto record = m_examiner->sign(input, file("bright-signed.png"), options);
                QVERIFY(record.verification.has_value());
                const auto attacked =
                    saved("bright-attacked.png",
                          attacks::apply(image::toRgb8(image::decode(readFile(record.output)).image),
                                         attacks::parsePerturbation("jpeg:50"), 1));
                const auto checked = m_examiner->check(attacked, {.models = {options.model}});
                const auto& finding = checked.findings.front();
                double& least = informed ? informedLeast : plainLeast;
                least = std::min(least, finding.scoreLogit);
                if (!finding.code) continue;
                const auto bits = bitsFromHex(finding.code->hex, 32);
                const auto meant = bitsFromHex(options.codeHex, 32);
                for (std::size_t b = 0; b < bits.size(); ++b)
                    (informed ? informedBits : plainBits) += bits[b] == meant[b];
                QVERIFY(record.psnrDb > 38);
            }
        }
        QVERIFY2(informedLeast > plainLeast,
                 qPrintable(QStringLiteral("%1 against %2").arg(informedLeast).arg(plainLeast)));
        QVERIFY(informedBits >= plainBits);
    }

    void preview() {
        if (!m_examiner) QSKIP(qPrintable(m_missing));
        const auto input = saved("preview.jpg", photograph(4, 900, 600), {.format = image::Format::Jpeg});
        const auto weak =
            m_examiner->previewSign(input, {.model = kModel, .codeHex = "ff", .strength = 0.5}, 300);
        const auto strong =
            m_examiner->previewSign(input, {.model = kModel, .codeHex = "ff", .strength = 2}, 300);
        QCOMPARE(strong.original.width, 300);
        QCOMPARE(strong.original.height, 200);
        QVERIFY(strong.signedImage.data != strong.original.data);
        QVERIFY(weak.psnrDb > strong.psnrDb + 7 && weak.psnrDb < strong.psnrDb + 13);  // factor 4: 12 dB, of
                                                                                       // which the weak one
                                                                                       // may be raised by 4
        QCOMPARE(codeOf([&] { m_examiner->previewSign(input, {.model = kModel, .codeHex = "0"}, 300); }),
                 nameOf(ErrorCode::BadOption));
    }

    void mapsAndTiles() {
        if (!m_examiner) QSKIP(qPrintable(m_missing));
        const auto input = saved("map.png", photograph(5, 800, 600));
        CheckOptions options{.models = {kModel}, .mapsFolder = file("maps"), .tiles = true};
        const auto record = m_examiner->check(input, options);
        QVERIFY(!record.error);
        const auto& finding = record.findings.front();
        QVERIFY(finding.tiles.has_value());
        QCOMPARE(int(finding.tiles->logits.size()), finding.tiles->columns * finding.tiles->rows);
        QVERIFY(double(*std::max_element(finding.tiles->logits.begin(), finding.tiles->logits.end())) ==
                finding.tiles->best);
        QVERIFY(record.maps && record.maps->size() == 1);
        QCOMPARE(record.maps->front().model, std::string(kModel));
        QVERIFY(fs::exists(file("maps") / record.maps->front().name));
        QVERIFY(!m_examiner->check(input, {.models = {kModel}}).maps);  // none asked for
        std::size_t maps = 0;
        for (const auto& entry : fs::directory_iterator(file("maps"))) {
            ++maps;
            QVERIFY(image::decode(readFile(entry.path())).image.width >= 400);
        }
        QCOMPARE(maps, std::size_t(1));
    }

    void evaluation() {
        if (!m_examiner) QSKIP(qPrintable(m_missing));
        EvaluationOptions options;
        options.images = dataFolder() / "resources/samples";
        options.attacks = "none,jpeg:75";
        options.limit = 4;
        int called = 0;
        const models::Manifest model = models::findModel(kModel, {});
        const auto rows = evaluate(
            model, options, {.device = "cpu", .threads = 1, .workspace = file("workspace")},
            [&](const auto&) { ++called; }, {}, nullptr);
        QCOMPARE(rows.size(), std::size_t(2));
        QCOMPARE(called, 2);
        for (const auto& row : rows) {
            QCOMPARE(row.signedScores.size(), std::size_t(4));
            const Json record = toJson(row);
            requireKeys(record, {"attack", "n", "psnr_db", "ssim", "presence_accuracy", "auc", "tpr_at_fpr",
                                 "bit_accuracy", "exact_code_rate"});
            for (const char* key :
                 {"psnr_db", "ssim", "presence_accuracy", "auc", "bit_accuracy", "exact_code_rate"})
                QVERIFY2(record[key].contains("ci95"), key);
            QVERIFY(row.bitAccuracy->ci95.upper - row.bitAccuracy->ci95.lower > 0.01);  // four images are few
            QVERIFY(row.quality.visibleP99.mean > 0.1);
            QVERIFY(row.quality.visibleP99.worst >= row.quality.visibleP99.mean);
            QVERIFY(row.quality.psnrDb.worst <= row.quality.psnrDb.mean);
            QVERIFY(row.quality.blurredP99.mean > 0.1 && row.quality.middleEnergy.mean > 0);
            QCOMPARE(row.grid, 0);
            QCOMPARE(row.wrongCodeRate->n, std::int64_t{4});
            QVERIFY(!row.unsignedP);  // its scores are no p-values
            QCOMPARE(toJson(evaluationRowFromJson(record)).dump(), record.dump());
        }
        QVERIFY(rows[0].bitAccuracy->mean > 0.95);
        const auto all = allRows(rows);
        QCOMPARE(all.all.exactCodeRate->n, std::int64_t{8});
        QCOMPARE(all.images, std::int64_t{4});
        std::int64_t inFamilies = 0;
        for (const auto& family : all.families) inFamilies += family.exactCodeRate->n;
        QCOMPARE(inFamilies, std::int64_t{8});
        options.fpr = 0;
        QCOMPARE(codeOf([&] { evaluate(model, options, {.device = "cpu"}, {}, {}, nullptr); }),
                 nameOf(ErrorCode::BadOption));
    }

    /// Map and rest make the score: all of it is on the map of a presence model, a share on that of a code.
    void mapAndRestMakeTheScore_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<bool>("whole");
        QTest::newRow("presence") << "photo-presence" << true;
        QTest::newRow("code") << "photo-code32" << false;
    }
    void mapAndRestMakeTheScore() {
        if (!m_examiner) QSKIP(qPrintable(m_missing));
        QFETCH(QString, model);
        QFETCH(bool, whole);
        const auto input = saved("share.png", photograph(5, 400, 300));
        const auto output = file("share-signed.png");
        SignOptions signing{.model = model.toStdString(), .force = true};
        QVERIFY(!m_examiner->sign(input, output, signing).error);
        for (const auto& path : {fs::path(input), fs::path(output)}) {
            const auto record = m_examiner->check(path, {.models = {model.toStdString()}});
            const Finding& finding = record.findings.front();
            const double rest = finding.scoreLogit - finding.evidence.mean();
            if (whole)
                QVERIFY2(std::abs(rest) < 1e-4, qPrintable(QString::number(rest)));
            else
                QVERIFY2(std::abs(rest) > 1, qPrintable(QString::number(rest)));
            const Json parts = toJson(record)["findings"][0]["score_parts"];
            QVERIFY(std::abs(parts["map"].get<double>() + parts["rest"].get<double>() - finding.scoreLogit) <
                    1e-9);
        }
    }

    /// The records of the command line, from plain data: no model is needed.
    void recordsHaveTheirKeys() {
        Record record;
        record.path = "a\xFF.png";  // not UTF-8: it must stand in JSON all the same
        record.sha256 = "00";
        Finding finding;
        finding.presence = Presence::Inconclusive;
        record.findings = {finding, finding};
        record.findings[1].presence = Presence::Present;
        record.findings[1].code =
            CodeReading{.hex = "ff", .bits = 8, .bitLogits = {}, .bitConfidence = {}, .confidence = 0.9};
        const Json json = Json::parse(toJson(record).dump());
        requireKeys(json, {"path", "sha256", "width", "height", "format", "findings", "decode", "warnings",
                           "seconds"});
        QVERIFY(!json.contains("error"));
        for (const auto& item : json["findings"]) {
            requireKeys(item, {"model", "model_sha256", "score_logit", "threshold", "signed", "fpr", "code",
                               "match"});
            requireKeys(item["fpr"], {"value", "upper95", "n", "measured_on"});
            requireKeys(item, {"outside_calibration", "p_value", "key", "region"});
        }
        QVERIFY(json["findings"][0]["signed"].is_null() && json["findings"][0]["code"].is_null());
        QVERIFY(json["findings"][1]["signed"] == true);
        requireKeys(json["findings"][1]["code"], {"hex", "bits", "n", "confidence"});
        record.findings[0].presence = Presence::Absent;
        QVERIFY(toJson(record)["findings"][0]["signed"] == false);
        record.error = Record::Failure{"corrupt", "what"};
        const Json failed = toJson(record);
        requireKeys(failed, {"path", "error"});
        requireKeys(failed["error"], {"code", "message"});

        SignRecord sign;
        sign.sha256Out = "11";
        sign.psnrDb = INFINITY;
        const Json signJson = Json::parse(toJson(sign).dump());
        requireKeys(signJson, {"path", "output", "sha256_in", "sha256_out", "model", "code", "psnr_db",
                               "ssim", "visible", "verified", "already_signed"});
        requireKeys(signJson["visible"], {"p99", "p999", "share_over_1"});
    }

    /// A kind of model that examines no images is refused, before its weights are looked at.
    void whoExamines() {
        QVERIFY(canDetect(models::Kind::Signature) && !canDetect(models::Kind::Generator));
        models::Manifest manifest;
        manifest.name = "faces";
        manifest.of = models::GeneratorFields{512};
        QCOMPARE(codeOf([&] { loadNetworks(manifest, {}); }), nameOf(ErrorCode::BadOption));
    }

    /// A record is read back as it was: everything that stands in its JSON.
    void recordsComeBack() {
        Record record;
        record.path = "a.png";
        record.sha256 = "00";
        record.width = 640;
        record.height = 480;
        record.decode.format = image::Format::WebP;
        record.decode.decoder = "libwebp 1.3";
        record.decode.colour = "rgb+alpha";
        record.decode.bitDepth = 16;
        record.decode.frames = 3;
        record.decode.frame = 2;
        record.decode.orientation = 6;
        record.decode.orientationApplied = record.decode.damaged = true;
        record.conflicts = {{"exif_size_differs", "message"}};
        record.metadata.emplace().push_back({"EXIF", "Exif.Image.Model", "Box"});
        record.warnings = {"the JPEG data ends early"};
        record.maps.emplace().push_back({"m", "a.00.m.png"});
        record.seconds = 0.25;
        Finding finding;
        finding.model = "m";
        finding.modelSha256 = std::string(64, 'a');
        finding.scoreLogit = 3.5;
        finding.threshold = 2;
        finding.lowerThreshold = 1.25;
        finding.presence = Presence::Present;
        finding.falsePositiveRate = {0.001, 0.0049, 1000, "photographs"};
        finding.outside = std::vector<std::string>{"it is small"};
        finding.code = CodeReading{.hex = "a5",
                                   .bits = 8,
                                   .bitLogits = {1, -1, 1, -1, -2, 2, -1, 1},
                                   .bitConfidence = std::vector<double>(8, 0.75),
                                   .confidence = 0.75};
        finding.geometry = {1, 0.5, 0, 0, 1, 0.25};
        finding.geometriesTried = 16;
        finding.tiles = TileScores{2, 1, 256, {0.5, 1.5}, 1.5};
        CodeMatch match;
        match.holder = "Ada";
        match.hex = "a7";
        match.matched = 7;
        match.bits = 8;
        match.searched = 3;
        match.geometriesTried = 16;
        match.setChances();
        match.weigh(*readErrorsOf(8, finding.code->bitConfidence),
                    std::vector<std::uint8_t>{0, 0, 0, 0, 0, 0, 1, 0});
        match.rivals = {{"Emmy", "a4", 7, true}};
        finding.match = match;
        record.findings = {finding, {}};
        const Json json = toJson(record);
        QCOMPARE(toJson(recordFromJson(json)).dump(), json.dump());
        record.error = Record::Failure{"corrupt", "what"};
        QCOMPARE(toJson(recordFromJson(toJson(record))).dump(), toJson(record).dump());
    }

    void kappa() {
        auto a = image::makeImage(3, 2, 3), b = image::makeImage(3, 2, 3);
        b.data[3] = 3, b.data[5] = 4;
        a.data[15] = 255, a.data[16] = 255, a.data[17] = 255;
        const auto map = kappaMap(a, b);
        QVERIFY(map == kappaMap(b, a));
        QCOMPARE(map.size(), std::size_t(6));
        QCOMPARE(map[1], 5.f);
        QVERIFY(std::abs(map[5] - 255 * std::sqrt(3.f)) < 1e-3f);
        QCOMPARE(map[0] + map[2] + map[3] + map[4], 0.f);
        QCOMPARE(codeOf([&] { kappaMap(a, image::makeImage(2, 3, 3)); }), nameOf(ErrorCode::BadOption));
    }

    void viridisEnds() {
        using Colour = std::array<std::uint8_t, 3>;
        QVERIFY(viridis(0) == (Colour{68, 1, 84}));
        QVERIFY(viridis(1) == (Colour{253, 231, 37}));
        QVERIFY(viridis(-3) == viridis(0) && viridis(7) == viridis(1));
    }

    void answersHaveTheWordsOfTheirKind_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QStringList>("answers");  // absent, inconclusive, present
        QTest::newRow("signature") << int(models::Kind::Signature)
                                   << QStringList{"not found", "inconclusive", "signature found"};
        QTest::newRow("fingerprint") << int(models::Kind::Fingerprint)
                                     << QStringList{"no instance found", "inconclusive", "instance found"};
        QTest::newRow("classifier") << int(models::Kind::Classifier)
                                    << QStringList{"more like \"real\"", "inconclusive",
                                                   "more like \"drawn\""};
    }

    void answersHaveTheWordsOfTheirKind() {
        QFETCH(int, kind);
        QFETCH(QStringList, answers);
        Finding finding;
        finding.kind = static_cast<models::Kind>(kind);
        finding.classes = {"real", "drawn"};
        for (const Presence presence : {Presence::Absent, Presence::Inconclusive, Presence::Present}) {
            finding.presence = presence;
            QCOMPARE(QString::fromStdString(answerOf(finding)), answers[static_cast<int>(presence)]);
        }
    }
};

SIGNET_TEST(TestExamine)
#include "test_examine.moc"
