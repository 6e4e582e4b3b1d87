#include <ATen/ATen.h>
#include <torch/nn/modules/batchnorm.h>

#include <QTemporaryDir>
#include <cstring>
#include <limits>

#include "core/base/hashing.h"
#include "core/models/model_store.h"
#include "core/nn/safetensors.h"
#include "tests/core/image_builders.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::tests;
namespace fs = std::filesystem;

namespace {

Bytes weightFile(const std::string& header, std::size_t payload, std::uint64_t length) {
    Bytes bytes(8 + header.size() + payload, 0);
    std::memcpy(bytes.data(), &length, 8);
    std::memcpy(bytes.data() + 8, header.data(), header.size());
    return bytes;
}

Json manifestJson(const std::string& name) {
    return {{"name", name},
            {"kind", "signature"},
            {"arch", "compact"},
            {"weights_sha256", sha256Hex("weights")},
            {"parameters", 1234},
            {"bits", 32},
            {"resolution", 96},
            {"validated", true},
            {"steps", 77},
            {"options", {{"arch", "compact"}}},
            {"nominal_psnr_db", 44.5}};
}

void write(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    writeFileAtomically(path, text, IfExists::Replace);
}

}  // namespace

class TestModelFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void roundTrip_data() {
        QTest::addColumn<int>("type");
        const auto row = [](const char* name, at::ScalarType type) { QTest::newRow(name) << int(type); };
        row("float32", at::kFloat);
        row("float64", at::kDouble);
        row("float16", at::kHalf);
        row("bfloat16", at::kBFloat16);
        row("int64", at::kLong);
        row("int32", at::kInt);
        row("int16", at::kShort);
        row("int8", at::kChar);
        row("uint8", at::kByte);
        row("bool", at::kBool);
    }
    /// Values, shapes (none, empty, strided) and metadata come back; the payload starts at a multiple of 8.
    void roundTrip() {
        QFETCH(int, type);
        const auto kind = static_cast<at::ScalarType>(type);
        const auto values = (at::randn({4, 6}) * 50).abs().to(kind);
        const nn::TensorMap written{{"matrix", values},
                                    {"strided", values.t().slice(0, 1, 6, 2)},
                                    {"scalar", values[1][2]},
                                    {"empty", values.slice(0, 0, 0)},
                                    {"name with \"quotes\" and \xC3\xBC", values[0]}};
        const nn::TextMap metadata{{"format", "test"}, {"ladder", "{\"db\":1}"}};
        const Bytes bytes = nn::serializeSafeTensors(written, metadata);
        std::uint64_t length = 0;
        std::memcpy(&length, bytes.data(), 8);
        QCOMPARE(length % 8, std::uint64_t(0));
        const auto read = nn::parseSafeTensors(bytes);
        QVERIFY(read.metadata == metadata);
        QCOMPARE(read.tensors.size(), written.size());
        for (const auto& [name, tensor] : written) {
            QVERIFY(read.tensors.at(name).scalar_type() == kind);
            QVERIFY2(at::equal(read.tensors.at(name), tensor), name.c_str());
        }
    }

    void specialValuesKeepTheirBits() {
        const auto values = at::tensor({std::numeric_limits<float>::quiet_NaN(), -0.0f, INFINITY, 1e-45f});
        const auto read = nn::parseSafeTensors(nn::serializeSafeTensors({{"x", values}}, {})).tensors.at("x");
        QCOMPARE(std::memcmp(read.data_ptr(), values.data_ptr(), 16), 0);
    }

    /// Empty tensors share their offset with the next one: that is no overlap, however many there are.
    void manyEmptyTensors() {
        nn::TensorMap tensors;
        for (int i = 0; i < 200; ++i) tensors["t" + std::to_string(1000 + i)] = at::full({i % 3, 2}, i);
        const auto read = nn::parseSafeTensors(nn::serializeSafeTensors(tensors, {})).tensors;
        for (const auto& [name, tensor] : tensors) QVERIFY(at::equal(read.at(name), tensor));
    }

    void malformed_data() {
        QTest::addColumn<QByteArray>("file");
        const auto row = [](const char* name, const std::string& header, std::size_t payload = 8,
                            std::uint64_t length = 0) {
            const Bytes bytes = weightFile(header, payload, length ? length : header.size());
            QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(bytes.data()),
                                              qsizetype(bytes.size()));
        };
        const auto entry = [](const std::string& shape, const std::string& offsets,
                              const std::string& dtype = "\"F32\"") {
            return R"({"a":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets +
                   "}}";
        };
        QTest::newRow("empty file") << QByteArray();
        QTest::newRow("seven bytes") << QByteArray(7, '\0');
        row("header longer than the file", "{}", 0, 100);
        row("header of 2^63 bytes", "{}", 0, 1ull << 63);
        row("header of 2^64 - 1 bytes", "{}", 0, ~0ull);
        row("header over 16 MiB", std::string((16 << 20) + 8, ' '));
        row("header that wraps around", "{}", 0, ~0ull - 7);
        row("no header", "", 8, 0);
        row("not JSON", "hello {");
        row("cut JSON", R"({"a":{"dtype":"F32","shape":[2])");
        row("not UTF-8", "{\"\xFF\xFE\":1}");
        row("nested a million deep", std::string(1'000'000, '['));
        row("an array", "[1,2]");
        row("a number", "42");
        row("entry is a number", R"({"a":1})");
        row("entry without dtype", R"({"a":{"shape":[2],"data_offsets":[0,8]}})");
        row("entry without shape", R"({"a":{"dtype":"F32","data_offsets":[0,8]}})");
        row("entry without offsets", R"({"a":{"dtype":"F32","shape":[2]}})");
        row("dtype unknown", entry("[2]", "[0,8]", "\"F8_E4M3\""));
        row("dtype is a number", entry("[2]", "[0,8]", "32"));
        row("three offsets", entry("[2]", "[0,8,8]"));
        row("offsets negative", entry("[2]", "[-8,0]"));
        row("offsets swapped", entry("[2]", "[8,0]"));
        row("offsets fractional", entry("[2]", "[0,8.5]"));
        row("offsets as text", entry("[2]", R"(["0","8"])"));
        row("offsets past the end", entry("[4]", "[0,16]"));
        row("offsets near 2^64", entry("[2]", "[18446744073709551608,18446744073709551615]"));
        row("offsets over 2^64", entry("[2]", "[0,99999999999999999999]"));
        row("shape negative", entry("[-2]", "[0,8]"));
        row("shape as text", entry("\"2\"", "[0,8]"));
        row("shape too small", entry("[1]", "[0,8]"));
        row("shape too large", entry("[3]", "[0,8]"));
        row("shape whose product wraps to 2", entry("[4294967296,4294967297,2]", "[0,8]"));
        row("shape of 2^62 floats", entry("[4611686018427387904]", "[0,0]"));
        row("empty shape with a side of 2^64 - 1", entry("[0,18446744073709551615]", "[0,0]"));
        row("empty shape whose strides overflow", entry("[0,4611686018427387904,16]", "[0,0]"));
        std::string ones = "[1";
        for (int i = 1; i < 1000; ++i) ones += ",1";
        row("a thousand dimensions", entry(ones + "]", "[0,4]"));
        row("two tensors overlap",
            R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})");
        row("two tensors in one place",
            R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})");
        row("one name twice",
            R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})");
        row("metadata is a list", R"({"__metadata__":["x"]})");
        row("metadata holds a number", R"({"__metadata__":{"x":1}})");
    }
    void malformed() {
        QFETCH(QByteArray, file);
        const std::span bytes(reinterpret_cast<const std::uint8_t*>(file.constData()),
                              std::size_t(file.size()));
        QCOMPARE(codeOf([&] { nn::parseSafeTensors(bytes); }), nameOf(ErrorCode::Corrupt));
    }

    /// Cut anywhere and with any bit of the header turned: an error or a result, never a crash.
    void damaged() {
        const Bytes good =
            nn::serializeSafeTensors({{"a", at::rand({3})}, {"b", at::rand({2, 2})}}, {{"k", "v"}});
        for (std::size_t length = 0; length < good.size(); ++length)
            QCOMPARE(codeOf([&] { nn::parseSafeTensors(std::span(good).first(length)); }),
                     nameOf(ErrorCode::Corrupt));
        std::uint64_t header = 0;
        std::memcpy(&header, good.data(), 8);
        for (std::size_t bit = 0; bit < 8 * (8 + header); ++bit) {
            Bytes turned = good;
            turned[bit / 8] = static_cast<std::uint8_t>(turned[bit / 8] ^ (1u << (bit % 8)));
            const auto code = codeOf([&] { nn::parseSafeTensors(turned); });
            QVERIFY2(code == nameOf(ErrorCode::Corrupt) || code == "no error", code.c_str());
        }
    }

    void hashIsCheckedFirst() {
        const QTemporaryDir folder;
        const fs::path path = fs::path(folder.path().toStdString()) / "w.safetensors";
        const Bytes good = nn::serializeSafeTensors({{"a", at::ones({3})}}, {});
        writeFileAtomically(path, good, IfExists::Replace);
        QVERIFY(at::equal(nn::loadSafeTensors(path, sha256Hex(good)).tensors.at("a"), at::ones({3})));
        QCOMPARE(codeOf([&] { nn::loadSafeTensors(path, sha256Hex("other")); }),
                 nameOf(ErrorCode::HashMismatch));
        write(path, "garbage that is not parsed");
        QCOMPARE(codeOf([&] { nn::loadSafeTensors(path, sha256Hex(good)); }),
                 nameOf(ErrorCode::HashMismatch));
        QCOMPARE(codeOf([&] { nn::loadSafeTensors(path); }), nameOf(ErrorCode::Corrupt));
        QCOMPARE(codeOf([&] { nn::loadSafeTensors(path.parent_path() / "none"); }),
                 nameOf(ErrorCode::NotFound));
    }

    void loadStateDictIsAllOrNothing_data() {
        QTest::addColumn<QString>("change");
        for (const char* change : {"missing", "extra", "shape"}) QTest::newRow(change) << change;
    }
    void loadStateDictIsAllOrNothing() {
        QFETCH(QString, change);
        torch::nn::BatchNorm2d module(4);
        nn::TensorMap given;
        for (const auto& [name, tensor] : nn::stateDict(*module)) given[name] = at::full_like(tensor, 3);
        auto broken = given;
        if (change == "missing") broken.erase("weight");
        if (change == "extra") broken["zzz"] = at::ones({1});
        if (change == "shape") broken["weight"] = at::ones({5});
        const QString said = test::errorOf([&] { nn::loadStateDict(*module, broken); }, ErrorCode::Corrupt);
        QVERIFY2(said.contains(change == "extra" ? "zzz" : "weight"), qPrintable(said));
        QVERIFY(at::equal(module->bias, at::zeros({4})));
        QVERIFY(at::equal(module->running_mean, at::zeros({4})));
        nn::loadStateDict(*module, given);
        for (const auto& [name, tensor] : nn::stateDict(*module)) QVERIFY(at::equal(tensor, given.at(name)));
    }

    void prefixes() {
        nn::TensorMap all;
        nn::addWithPrefix(all, {{"w", at::ones({1})}}, "a.");
        nn::addWithPrefix(all, {{"w", at::zeros({1})}}, "ab.");
        QCOMPARE(all.size(), std::size_t(2));
        const auto part = nn::withoutPrefix(all, "a.");
        QCOMPARE(part.size(), std::size_t(1));
        QVERIFY(at::equal(part.at("w"), at::ones({1})));
    }

    void modelsAreFoundByNameAndFolder() {
        const QTemporaryDir temporary;
        const fs::path workspace = temporary.path().toStdString();
        write(workspace / "models/b/manifest.json", manifestJson("test-b").dump());
        write(workspace / "models/a/manifest.json", manifestJson("test-a").dump());
        write(workspace / "models/broken/manifest.json", "{\"name\":");
        fs::create_directories(workspace / "models/no-manifest");
        std::vector<std::string> names, warnings;
        for (const auto& manifest : models::listModels(workspace, &warnings))
            if (manifest.name.starts_with("test-")) names.push_back(manifest.name);
        QVERIFY(names == (std::vector<std::string>{"test-a", "test-b"}));
        QVERIFY(std::any_of(warnings.begin(), warnings.end(),
                            [](const auto& w) { return w.find("broken") != std::string::npos; }));
        QCOMPARE(models::findModel("test-b", workspace).folder, workspace / "models/b");
        QCOMPARE(models::findModel((workspace / "models/a").string(), {}).name, std::string("test-a"));
        const QString said =
            test::errorOf([&] { models::findModel("nonesuch", workspace); }, ErrorCode::NotFound);
        QVERIFY2(said.contains("test-a, test-b"), qPrintable(said));
        const auto found = models::findModel("test-a", workspace);
        const Json json = models::toJson(found);
        for (const char* key :
             {"name", "kind", "arch", "sha256", "parameters", "validated", "bits", "resolution"})
            QVERIFY2(json.contains(key), key);
        QCOMPARE(found.title, found.name);
    }

    void brokenManifests_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("empty") << "";
        QTest::newRow("not JSON") << "model: x";
        QTest::newRow("a list") << "[]";
        for (const char* key :
             {"name", "kind", "weights_sha256", "bits", "resolution", "validated", "options"}) {
            Json json = manifestJson("m");
            json.erase(key);
            QTest::addRow("without %s", key) << QString::fromStdString(json.dump());
        }
        Json json = manifestJson("m");
        json["bits"] = "many";
        QTest::newRow("bits as text") << QString::fromStdString(json.dump());
        json["bits"] = 1e65;
        QTest::newRow("bits beyond an int") << QString::fromStdString(json.dump());
        json = manifestJson("m");
        json["title"] = 5;
        QTest::newRow("title is a number") << QString::fromStdString(json.dump());
        json = manifestJson("m");
        json["kind"] = "oracle";
        QTest::newRow("kind unknown") << QString::fromStdString(json.dump());
        json = manifestJson("m");
        json["weights"] = Json::array({{{"file", "../w"}, {"roles", {"detector"}}, {"sha256", "00"}}});
        QTest::newRow("weights elsewhere") << QString::fromStdString(json.dump());
        json["weights"] = Json::array();
        QTest::newRow("no weights") << QString::fromStdString(json.dump());
        std::string deep = manifestJson("m").dump();
        deep.insert(1, "\"deep\":" + std::string(500'000, '[') + std::string(500'000, ']') + ",");
        QTest::newRow("nested deeply") << QString::fromStdString(deep);
    }
    void brokenManifests() {
        QFETCH(QString, text);
        const QTemporaryDir temporary;
        const fs::path folder = temporary.path().toStdString();
        write(folder / "manifest.json", text.toStdString());
        QCOMPARE(codeOf([&] { models::findModel(folder.string(), {}); }), nameOf(ErrorCode::Corrupt));
    }

    /// Every kind is written and read back; weight files are found by role.
    void manifestsOfAllKinds_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("fields");
        QTest::newRow("signature") << "signature"
                                   << R"({"bits":32,"nominal_psnr_db":44.5})";
        QTest::newRow("generator") << "generator"
                                   << R"({"latent":512})";
        QTest::newRow("fingerprint") << "fingerprint"
                                     << R"({"bits":64,"generator":"faces"})";
        QTest::newRow("instance")
            << "instance"
            << R"({"fingerprint":"faces-f","fingerprint_sha256":"ab12","holder":"Studio Nörd","issued_utc":"2026-11-29T00:00:00.000Z"})";
        QTest::newRow("classifier") << "classifier"
                                    << R"({"classes":["real","generated"]})";
        QTest::newRow("remover")
            << "remover"
            << R"({"signature":"photo-keyed32","signature_sha256":"ab","keys":"public"})";
        QTest::newRow("attributor") << "attributor"
                                    << R"({"classes":["real","one","other"]})";
        QTest::newRow("stamper") << "stamper"
                                 << R"({"bits":100})";
    }
    void manifestsOfAllKinds() {
        QFETCH(QString, kind);
        QFETCH(QString, fields);
        const QTemporaryDir temporary;
        const fs::path folder = temporary.path().toStdString();
        Json json = manifestJson("m");
        json["kind"] = kind.toStdString();
        json.erase("bits");
        json.erase("nominal_psnr_db");
        json.erase("weights_sha256");
        json["weights"] = Json::array(
            {{{"file", "a.safetensors"}, {"roles", {"first"}}, {"sha256", std::string(64, 'a')}},
             {{"file", "b.safetensors"}, {"roles", {"second", "third"}}, {"sha256", std::string(64, 'b')}}});
        json.update(Json::parse(fields.toStdString()));
        write(folder / "manifest.json", json.dump());
        const models::Manifest manifest = models::findModel(folder.string(), {});
        QCOMPARE(QString::fromStdString(std::string(toString(manifest.kind()))), kind);
        QCOMPARE(manifest.weightsFor("third").file, std::string("b.safetensors"));
        QCOMPARE(manifest.pathOf(manifest.weightsFor("first")), folder / "a.safetensors");
        QCOMPARE(codeOf([&] { manifest.weightsFor("fourth"); }), nameOf(ErrorCode::Corrupt));
        QVERIFY(manifest.weightsSha256.size() == 64 && manifest.weightsSha256 != std::string(64, 'a'));
        models::saveManifest(manifest);
        Json stored = Json::parse(readTextFile(folder / "manifest.json"));
        QCOMPARE(stored["title"].get<std::string>(), std::string("m"));
        stored.erase("title");
        QVERIFY(nlohmann::json(stored) == nlohmann::json(json));
    }

    /// One file, as earlier versions wrote it.
    void weightsOfEarlierVersions() {
        const QTemporaryDir temporary;
        const fs::path folder = temporary.path().toStdString();
        write(folder / "manifest.json", manifestJson("m").dump());
        const auto manifest = models::findModel(folder.string(), {});
        QCOMPARE(manifest.weightsSha256, sha256Hex("weights"));
        for (const char* role : {"injector", "detector"}) {
            QCOMPARE(manifest.weightsFor(role).file, std::string("weights.safetensors"));
            QCOMPARE(manifest.weightsFor(role).sha256, sha256Hex("weights"));
        }
    }

    void calibrationAndManifestAreSaved() {
        const QTemporaryDir temporary;
        const fs::path folder = temporary.path().toStdString();
        write(folder / "manifest.json", manifestJson("m").dump());
        write(folder / "weights.safetensors", "weights");
        auto manifest = models::findModel(folder.string(), {});
        models::verifyWeights(manifest);
        QVERIFY(!models::loadCalibration(manifest));
        QVERIFY(models::loadCard(manifest).empty());
        models::Calibration c;
        c.negatives = "photographs of class real";
        c.imagesSha256 = "abc";
        c.codecs = {"none", "jpeg:75"};
        c.photographs = 2;
        c.originals = 1;
        c.unsignedMaxima = {1.5f};
        c.unsignedScores = {-9.25f, -3.5f, 0.125f, 1.5f};
        c.signedScores = {4.75f, 9.f};
        c.threshold = 1.625;
        c.lowerThreshold = -0.1234567890123;
        c.falsePositives = 0;
        c.bitTemperature = 0.71;
        models::saveCalibration(manifest, c);
        const auto read = models::loadCalibration(manifest).value();
        QCOMPARE(read.negatives, c.negatives);
        QVERIFY(read.imagesSha256 == c.imagesSha256 && read.codecs == c.codecs && read.photographs == 2);
        QVERIFY(read.unsignedScores == c.unsignedScores && read.signedScores == c.signedScores);
        QVERIFY(read.threshold == c.threshold && read.lowerThreshold == c.lowerThreshold);
        QVERIFY(read.originals == 1 && read.negativeCount() == 1 && read.unsignedMaxima == c.unsignedMaxima);
        QVERIFY(read.falsePositives == 0 && read.bitTemperature == c.bitTemperature);

        manifest.validated = false;
        manifest.title = "T";
        models::saveManifest(manifest);
        const Json stored = Json::parse(readTextFile(folder / "manifest.json"));
        QCOMPARE(stored["steps"].get<int>(), 77);  // what the struct does not know is kept
        QVERIFY(!models::findModel(folder.string(), {}).validated);
        QCOMPARE(models::findModel(folder.string(), {}).title, std::string("T"));

        Json large = models::toJson(c);
        large["unsigned_scores"] = {1.0, 1e300};
        write(folder / "calibration.json", large.dump());
        QCOMPARE(codeOf([&] { models::loadCalibration(manifest); }), nameOf(ErrorCode::Corrupt));
        write(folder / "calibration.json", "{\"threshold\":1}");
        QCOMPARE(codeOf([&] { models::loadCalibration(manifest); }), nameOf(ErrorCode::Corrupt));
        write(folder / "weights.safetensors", "altered");
        QCOMPARE(codeOf([&] { models::verifyWeights(manifest); }), nameOf(ErrorCode::HashMismatch));
        fs::remove(folder / "weights.safetensors");
        QCOMPARE(codeOf([&] { models::verifyWeights(manifest); }), nameOf(ErrorCode::NotFound));
    }

    /// A model that another took the place of stays validated and examines where it is named.
    void supersededIsNoDefault() {
        const QTemporaryDir temporary;
        const fs::path folder = temporary.path().toStdString();
        write(folder / "manifest.json", manifestJson("m").dump());
        auto manifest = models::findModel(folder.string(), {});
        QVERIFY(manifest.isDefault() && manifest.supersededBy.empty());
        QVERIFY(!models::toJson(manifest).contains("superseded_by"));
        manifest.supersededBy = "next";
        models::saveManifest(manifest);
        manifest = models::findModel(folder.string(), {});
        QVERIFY(manifest.validated && !manifest.isDefault());
        QCOMPARE(models::toJson(manifest)["superseded_by"].get<std::string>(), std::string("next"));
        manifest.supersededBy.clear();
        manifest.validated = false;
        QVERIFY(!manifest.isDefault());
    }
};

SIGNET_TEST(TestModelFiles)
#include "test_model_files.moc"
