#include "fake_engine.h"

#include <QDir>
#include <thread>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/image/encode.h"
#include "core/signature/keyed_model.h"
#include "ui/bridge/text.h"

namespace signet::test {
namespace {

examine::Finding makeFinding(const std::string& model, int level, int bits) {
    examine::Finding finding;
    finding.model = model;
    finding.modelSha256 = std::string(64, 'a');
    finding.threshold = 2.0;
    finding.lowerThreshold = 1.0;
    finding.presence = level > 200   ? examine::Presence::Present
                       : level > 100 ? examine::Presence::Inconclusive
                                     : examine::Presence::Absent;
    finding.scoreLogit = level > 200 ? 7.3125 : level > 100 ? 1.5 : -4.0;
    finding.falsePositiveRate = {0.0, 0.0049, 612, "photographs"};
    finding.outside.emplace();
    if (bits > 1 && finding.presence != examine::Presence::Absent) {
        examine::CodeReading code;
        code.hex = "3fa21b90";
        code.bits = bits;
        for (int i = 0; i < bits; ++i) {
            code.bitLogits.push_back((0x3fa21b90u >> (31 - i)) & 1u ? 3.0f : -3.0f);
            code.bitConfidence.push_back(i == 5 ? 0.71 : 0.97);
        }
        code.confidence = 0.96;
        finding.code = code;
    }
    finding.evidence.columns = 8;
    finding.evidence.rows = 6;
    for (int i = 0; i < 48; ++i) finding.evidence.logits.push_back(static_cast<float>(i % 8) * 3.0f - 10.0f);
    return finding;
}

constexpr const char* kKeyed = "fake-keyed";
constexpr const char* kClassifier = "fake-classifier";
const std::array<std::string, 2> kClasses{"real", "drawn"};

examine::Finding makeKeyedFinding(int level, const std::vector<signature::SecretKey>& keys) {
    examine::Finding finding = makeFinding(kKeyed, level, 1);
    finding.falsePositiveRate = {};
    finding.threshold = 6;
    finding.lowerThreshold = 3;
    examine::KeyedEvidence keyed;
    const signature::SecretKey& key = keys.empty() ? signature::SecretKey::publicDefault() : keys.back();
    keyed.keyFingerprint = key.fingerprint();
    keyed.publicKey = key.isPublic();
    keyed.keysTried = static_cast<int>(keys.size());
    keyed.log10P = level > 200 ? -12.34 : level > 100 ? -4.5 : -0.2;
    keyed.log10PSync = keyed.log10P / 2;
    keyed.log10PEnergy = keyed.log10P / 4;
    keyed.trials = 48'000;
    finding.scoreLogit = -keyed.log10P;
    const bool isReadable = level >= 250 || (level > 200 && level < 240);
    if (isReadable) {
        keyed.log10PCode = -9;
        finding.code.emplace();
        finding.code->hex = "3fa21b90";
        finding.code->bits = 32;
        finding.code->checked = true;
        for (int i = 0; i < 32; ++i)
            finding.code->bitLogits.push_back((0x3fa21b90u >> (31 - i)) & 1u ? 1.0f : -1.0f);
    }
    const std::string code = isReadable ? "3fa21b90" : "";
    if (level >= 240) {
        keyed.regions = {{{{0.1, 0.1}, {0.9, 0.1}, {0.9, 0.9}, {0.1, 0.9}}, keyed.log10P, code}};
    } else if (level > 200) {
        keyed.regions = {{{{0.05, 0.1}, {0.4, 0.1}, {0.4, 0.9}, {0.05, 0.9}}, keyed.log10P, code},
                         {{{0.6, 0.1}, {0.95, 0.1}, {0.95, 0.9}, {0.6, 0.9}}, -7.5, ""}};
    }
    finding.keyed = keyed;
    return finding;
}

class FakeEngine final : public ui::Engine {
public:
    FakeEngine(std::shared_ptr<EngineControl> control, std::vector<signature::SecretKey> keys)
        : m_control(std::move(control)), m_keys(std::move(keys)) {}

    examine::Record check(const std::filesystem::path& path, const std::vector<std::string>& models,
                          const WorkContext& context, int frame) override {
        ++m_control->checks;
        while (m_control->hold && !context.stop.stop_requested()) std::this_thread::yield();
        if (context.stop.stop_requested()) m_control->stopSeen = true;
        examine::Record record;
        record.path = path;
        try {
            const Bytes bytes = readFile(path);
            record.sha256 = sha256Hex(bytes);
            record.fileBytes = bytes.size();
            image::DecodeOptions how;
            how.frame = frame;
            const image::Decoded decoded = image::decode(bytes, how);
            record.width = decoded.image.width;
            record.height = decoded.image.height;
            record.decode = decoded.info;
            record.warnings = decoded.info.warnings;
            const int level = decoded.image.data.front();
            for (const std::string& model : models.empty() ? standardModels() : models) {
                examine::Finding& finding = record.findings.emplace_back(
                    model == kKeyed ? makeKeyedFinding(level, m_keys)
                                    : makeFinding(model, level, model == "fake-code32" ? 32 : 1));
                if (model != kClassifier) continue;
                finding.kind = models::Kind::Classifier;
                finding.classes = kClasses;
            }
            record.conflicts = examine::findConflicts(image::readMetadata(bytes, frame), decoded.info,
                                                      decoded.image, record.findings);
            record.seconds = 0.01;
        } catch (const Error& error) {
            record.error = examine::Record::Failure{std::string(toString(error.code())), error.what()};
        }
        return record;
    }

    examine::SignRecord sign(const std::filesystem::path& input, const std::filesystem::path& output,
                             const examine::SignOptions& options, const WorkContext&) override {
        examine::SignRecord record;
        record.path = input;
        record.model = options.model;
        try {
            image::Image picture = image::toRgb8(image::decode(readFile(input)).image);
            picture.data.front() ^= 1;
            const auto bytes = image::encode(picture, {options.format.value_or(image::Format::Png)});
            writeFileAtomically(output, bytes, IfExists::Refuse);
            record.output = output;
            record.codeHex = options.codeHex.empty() ? "00000001" : options.codeHex;
            if (options.model == kKeyed) record.keyFingerprint = openKey(options.key);
            record.psnrDb = 52.25;
            record.visible = {1.75, 2.5, 0.0625};
            record.verified = sha256Hex(readFile(output)) == sha256Hex(bytes);
            record.alreadySigned = picture.data.back() > 200;
        } catch (const Error& error) {
            record.error = examine::Record::Failure{std::string(toString(error.code())), error.what()};
        }
        return record;
    }

    examine::SignPreview previewSign(const std::filesystem::path& input, const examine::SignOptions& options,
                                     int) override {
        examine::SignPreview preview;
        preview.original = image::toRgb8(image::decode(readFile(input)).image);
        preview.signedImage = preview.original;
        const int step = static_cast<int>(4 * options.strength);
        for (auto& sample : preview.signedImage.data)
            sample = static_cast<std::uint8_t>(sample > 127 ? sample - step : sample + step);
        preview.psnrDb = 50.0 - options.strength;
        preview.visible = {2.25 * options.strength, 3.5, 0.125};
        return preview;
    }

    cases::BatchExaminer batchExaminer(const std::vector<std::string>& models) override {
        cases::BatchExaminer batch;
        batch.models = models.empty() ? standardModels() : models;
        for (const std::string& model : batch.models)
            batch.modelHashes.push_back({{"name", model}, {"sha256", std::string(64, 'a')}});
        batch.check = [this, models = batch.models](const std::filesystem::path& path,
                                                    const examine::CheckOptions& options,
                                                    const WorkContext& context) {
            examine::Record record = check(path, models, context, options.frame);
            if (context.stop.stop_requested())
                record.error = examine::Record::Failure{"cancelled", "stopped on request"};
            return record;
        };
        return batch;
    }

    std::vector<signature::SecretKey> keys() const override { return m_keys; }

private:
    std::vector<std::string> standardModels() const {
        if (m_control->keyedModel) return {kKeyed, "fake-code32", "fake-presence"};
        return {"fake-code32", "fake-presence"};
    }

    std::string openKey(const std::string& fingerprint) const {
        for (const signature::SecretKey& key : m_keys)
            if (key.fingerprint() == fingerprint) return fingerprint;
        throw Error(ErrorCode::BadOption, "the key " + fingerprint + " is not open");
    }

    std::shared_ptr<EngineControl> m_control;
    std::vector<signature::SecretKey> m_keys;
};

ui::ModelEntry makeEntry(const std::string& name, int bits, bool validated = true) {
    ui::ModelEntry entry;
    entry.manifest.name = name;
    entry.manifest.title = "A model that exists only in tests";
    entry.manifest.weightsSha256 = std::string(64, 'a');
    entry.manifest.arch = "none";
    entry.manifest.of = models::SignatureFields{bits, 48.5};
    entry.manifest.resolution = 256;
    entry.manifest.validated = validated;
    models::Calibration calibration;
    calibration.codecs = {"none", "jpeg:75"};
    calibration.photographs = 612;
    calibration.threshold = 2.0;
    calibration.lowerThreshold = 1.0;
    for (int i = 0; i < 400; ++i) {
        calibration.unsignedScores.push_back(-6.0f + 0.015f * static_cast<float>(i));
        calibration.signedScores.push_back(4.0f + 0.015f * static_cast<float>(i));
    }
    entry.calibration = calibration;
    entry.card = "# " + name + "\n\nCard of a model that exists only in tests.";
    return entry;
}

}  // namespace

ui::Backend fakeBackend(const std::shared_ptr<EngineControl>& control) {
    ui::Backend backend;
    backend.createEngine = [control](const ui::LoadingNote& note,
                                     std::vector<signature::SecretKey> keys) -> std::unique_ptr<ui::Engine> {
        note("Loading model fake-code32 (1 of 2)");
        if (control->failLoading)
            throw Error(ErrorCode::HashMismatch, "The weights were altered. Install them again.");
        ++control->enginesMade;
        return std::make_unique<FakeEngine>(control, std::move(keys));
    };
    backend.listModels = [control] {
        ui::Catalogue catalogue{{makeEntry("fake-code32", 32), makeEntry("fake-presence", 1)}, {}};
        catalogue.models[0].manifest.folder = control->modelFolder;
        if (control->unvalidatedModel) catalogue.models.push_back(makeEntry("fake-own", 1, false));
        if (control->keyedModel) {
            ui::ModelEntry keyed = makeEntry(kKeyed, 32);
            keyed.manifest.arch = signature::kKeyedArch;
            keyed.calibration.reset();
            catalogue.models.push_back(std::move(keyed));
        }
        if (control->classifierModel) {
            catalogue.models.push_back(makeEntry(kClassifier, 1));
            catalogue.models.back().manifest.of = models::ClassifierFields{kClasses};
        }
        return catalogue;
    };
    backend.runtimeDescription = [] { return std::string("no networks"); };
    return backend;
}

QString writePicture(const QString& folder, const QString& name, int level, const QSize& size) {
    QImage picture(size, QImage::Format_RGB888);
    picture.fill(qRgb(level, level, level));
    const QString path = QDir(folder).filePath(name);
    return picture.save(path, "PNG") ? path : QString();
}

}  // namespace signet::test
