#include <QTemporaryDir>

#include "core/attacks/perturbation.h"
#include "core/base/file_io.h"
#include "core/base/platform.h"
#include "core/examine/examine.h"
#include "core/examine/findings.h"
#include "core/examine/record_json.h"
#include "core/image/encode.h"
#include "core/image/find_images.h"
#include "core/image/resample.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::examine;
namespace fs = std::filesystem;

namespace {

constexpr const char* kKeyedModel = "photo-keyed32";

/// Two of the sample photographs, one size.
image::Image samplePhotograph(std::size_t index) {
    std::vector<fs::path> files;
    for (const auto& path : image::findImages({dataFolder() / "resources/samples"}, {}).files) {
        const std::string name = path.filename().string();
        if (name.find("-signed") == name.npos && name.find("-attacked") == name.npos) files.push_back(path);
    }
    return image::resize(image::toRgb8(image::decode(readFile(files.at(index))).image), 384, 288);
}

}  // namespace

/// What the shipped keyed signature does from end to end: signing with a key, reading with it and with
/// others, a copied signature.
class TestKeyedExamine : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    const signature::SecretKey m_key = signature::SecretKey::random();
    std::unique_ptr<Examiner> m_owner, m_stranger;

    fs::path at(const std::string& name) const { return fs::path(m_temporary.path().toStdString()) / name; }
    fs::path saved(const std::string& name, const image::Image& picture) const {
        writeFileAtomically(at(name), image::encode(picture, {.format = image::Format::Png}),
                            IfExists::Replace);
        return at(name);
    }
    Finding found(Examiner& examiner, const fs::path& file, Record* record = nullptr) {
        CheckOptions options;
        options.models = {kKeyedModel};
        const Record made = examiner.check(file, options);
        if (record) *record = made;
        if (made.error) throw Error(ErrorCode::Internal, made.error->message);
        return made.findings.at(0);
    }

private Q_SLOTS:
    void initTestCase() {
        const auto examiner = [&](const char* workspace, std::vector<signature::SecretKey> keys) {
            auto made = std::make_unique<Examiner>(Examiner::Options{
                .device = "cpu", .threads = 1, .workspace = at(workspace), .keys = std::move(keys)});
            made->loadModel(kKeyedModel);
            return made;
        };
        m_owner = examiner("owner", {m_key});
        m_stranger = examiner("stranger", {signature::SecretKey::random(), signature::SecretKey::random()});
        saved("plain.png", samplePhotograph(0));
        saved("other.png", samplePhotograph(1));
        SignOptions options;
        options.model = kKeyedModel;
        options.codeHex = "5a17c0de";
        options.key = m_key.fingerprint();
        const SignRecord record = m_owner->sign(at("plain.png"), at("signed.png"), options);
        QVERIFY2(!record.error, record.error ? record.error->message.c_str() : "");
        QVERIFY(record.verified);
        QCOMPARE(record.keyFingerprint, m_key.fingerprint());
    }

    void readAfter_data() {
        QTest::addColumn<QString>("attack");
        for (const char* attack : {"none", "jpeg:50", "crop-at:0.75", "turn:90", "flip", "grey", "paste:0.7"})
            QTest::newRow(attack) << attack;
    }
    void readAfter() {
        QFETCH(QString, attack);
        const auto picture = attacks::apply(image::decode(readFile(at("signed.png"))).image,
                                            attacks::parsePerturbation(attack.toStdString()), 3);
        Record record;
        const Finding finding = found(*m_owner, saved("treated.png", picture), &record);
        QCOMPARE(finding.presence, Presence::Present);
        QVERIFY(finding.keyed && finding.keyed->log10P <= -6);
        QCOMPARE(finding.keyed->keyFingerprint, m_key.fingerprint());
        QCOMPARE(finding.keyed->keysTried, 1);
        QVERIFY(finding.code && finding.code->checked);
        QCOMPARE(finding.code->hex, std::string("5a17c0de"));
        QVERIFY(finding.keyed->picture);
        QVERIFY(finding.keyed->picture->comparison.answer == signature::PictureAnswer::SamePicture);
        QCOMPARE(toJson(recordFromJson(toJson(record)))["findings"].dump(),
                 toJson(record)["findings"].dump());
    }

    /// Without the key there is nothing to be seen, signed or not.
    void strangersSeeNothing() {
        for (const char* name : {"signed.png", "plain.png"}) {
            const Finding finding = found(*m_stranger, at(name));
            QVERIFY2(finding.presence == Presence::Absent, name);
            QVERIFY(!finding.code);
            QCOMPARE(finding.keyed->keysTried, 2);
        }
        QCOMPARE(found(*m_owner, at("plain.png")).presence, Presence::Absent);
    }

    /// The difference of the signed picture and its original on another picture: the code reads, and the
    /// register knows that it belongs elsewhere.
    void copyIsSaid() {
        const auto plain = image::decode(readFile(at("plain.png"))).image;
        const auto marked = image::decode(readFile(at("signed.png"))).image;
        auto forged = image::decode(readFile(at("other.png"))).image;
        for (std::size_t i = 0; i < forged.data.size(); ++i)
            forged.data[i] = static_cast<std::uint8_t>(
                std::clamp(forged.data[i] + 2 * (int(marked.data[i]) - int(plain.data[i])), 0, 255));
        Record record;
        const Finding finding = found(*m_owner, saved("forged.png", forged), &record);
        QCOMPARE(finding.presence, Presence::Present);
        QVERIFY(finding.code && finding.keyed->picture);
        QVERIFY(finding.keyed->picture->comparison.answer == signature::PictureAnswer::OtherPicture);
        QCOMPARE(finding.keyed->picture->name, std::string("signed.png"));
        QCOMPARE(std::count_if(record.conflicts.begin(), record.conflicts.end(),
                               [](const Conflict& c) { return c.kind == "code_of_another_picture"; }),
                 1);
    }

    void aKeyMustBeOpen() {
        SignOptions options;
        options.model = kKeyedModel;
        options.key = signature::SecretKey::publicDefault().fingerprint();
        QVERIFY_THROWS_EXCEPTION(Error, m_owner->sign(at("plain.png"), at("no.png"), options));
        QVERIFY(!fs::exists(at("no.png")));
    }

    void pValuesAsTexts() {
        QCOMPARE(pValueText(-45.63), std::string("p = 10^-45.6"));
        QCOMPARE(pValueText(-0.3), std::string("p = 10^-0.3"));
        for (const double none : {-0.04, -0.0, 0.0}) QCOMPARE(pValueText(none), std::string("p = 1"));
    }
};

SIGNET_TEST(TestKeyedExamine)
#include "test_keyed_examine.moc"
