#include "support/case_builder.h"

#include <algorithm>
#include <cmath>

#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/text.h"
#include "core/cases/batch.h"
#include "core/cases/evidence_maps.h"
#include "core/cases/intake.h"
#include "core/examine/conditions.h"
#include "core/examine/keyed_detector.h"
#include "core/examine/record_json.h"
#include "core/image/encode.h"
#include "core/metrics/intervals.h"
#include "support/pictures.h"

namespace fs = std::filesystem;

namespace signet::test {
namespace {

constexpr const char* kWorker = "test worker";

}  // namespace

cases::CaseInfo completeInfo() {
    cases::CaseInfo info;
    info.title = "Images of the warehouse";
    info.number = "2026-0142";
    info.examiner = "A. Nováková";
    info.organisation = "Laboratory for Image Examination";
    info.customer = "District Court, Department 3";
    info.description = "Photographs received with a complaint.";
    info.fields = {{"laboratory_address", "Hauptstraße 1, 12345 Musterstadt"},
                   {"location", "as above"},
                   {"customer_contact", "ref. 3 C 118/26"},
                   {"purpose", "Do the images carry a signature of the models in use, and which code?"},
                   {"item_condition", "one sealed USB stick, readable"},
                   {"deviations", "none"},
                   {"reviewer", "B. Rossi"},
                   {"authoriser", "C. Okafor"}};
    return info;
}

std::vector<std::string> hostileTexts() {
    return {"<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "=HYPERLINK(\"http://x.invalid\",\"y\")",
            "+1+1|' /C calc'!A0",
            "-2+3",
            "@SUM(A1:A9)",
            "quote \" and ' and `tick` ; DROP TABLE evidence; --",
            "bell\a escape\x1b[31m red",
            "photo\u202Egpj.exe",
            "\\input{/etc/passwd} $x^2$ \\write18{ls}",
            "שלום עולם photo العربية",
            "line one\nline two\r\nline three\ttab",
            "{{ config }} ${jndi:ldap://x} %n%s",
            std::string(10'000, 'x'),
            "e\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308 marks",
            std::string("broken \xff\xfe utf-8")};
}

CaseBuilder::CaseBuilder(const fs::path& folder, const cases::CaseInfo& info) : m_folder(folder) {
    fs::create_directories(folder / "in");
    cases::OpenOptions options;
    options.actor = info.examiner;
    cases::CaseStore::create(location(), info, options);
    m_store = std::make_unique<cases::CaseStore>(location(), options);
}

cases::RowId CaseBuilder::add(const std::string& name, std::span<const std::uint8_t> bytes,
                              const std::string& note) {
    const fs::path path = m_folder / "in" / name;
    writeFileAtomically(path, bytes, IfExists::Replace);
    cases::IntakeOptions options;
    options.receivedFrom = "USB stick 1";
    options.note = note;
    return cases::takeIn(*m_store, path, options).front().exhibit.id;
}

cases::RowId CaseBuilder::addPicture(const std::string& name, int number, int width, int height) {
    image::Image image = picture(width, height);
    for (int i = 0; i < 4; ++i)
        image.data[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(number >> (2 * i) & 255);
    for (int y = 0; y < 24; ++y)  // a bar whose place tells pictures apart
        for (int x = 0; x < 24; ++x) {
            const auto at =
                static_cast<std::size_t>(((y + 8) * width + (number * 29) % (width - 24) + x) * 3);
            image.data[at] = 255;
        }
    const std::string ending = fs::path(name).extension().string();
    return add(name,
               image::encode(image, {.format = image::formatFromName(ending.substr(1)), .quality = 90}));
}

cases::Examination CaseBuilder::begin(const cases::Exhibit& taken) const {
    cases::Examination x;
    x.exhibit = taken.id;
    x.method = "signature detection";
    x.methodVersion = "0.1.0 test";
    x.device = "cpu";
    x.host = "lab-7";
    x.examiner = m_store->actor();
    x.startedUtc = utcNow();
    return x;
}

/// The record with its matches, as core/cases makes it.
void CaseBuilder::addResult(cases::Examination& x, const examine::Record& record) const {
    x.params = {{"models", Json::array()}, {"tiles", false}};
    x.record = record;
    cases::addMatches(x.record, m_store->codes().valid());
    for (const examine::Finding& finding : record.findings) {
        x.models.push_back({{"name", finding.model}, {"sha256", finding.modelSha256}});
        x.params["models"].push_back(finding.model);
    }
    x.done = true;
}

cases::Examination CaseBuilder::examine(const std::vector<examine::Finding>& findings,
                                        const std::function<void(Json& record)>& edit) {
    const auto taken = m_store->work().claim(kWorker, 600);
    if (!taken) throw std::runtime_error("no exhibit is waiting");
    const image::Decoded decoded = image::decode(readFile(m_store->exhibits().fileOf(*taken)));
    examine::Record record;
    record.path = m_store->exhibits().fileOf(*taken);
    record.sha256 = taken->sha256;
    record.width = decoded.image.width;
    record.height = decoded.image.height;
    record.decode = decoded.info;
    record.findings = findings;
    record.maps.emplace();
    for (const examine::Finding& finding : findings)
        record.maps->push_back({finding.model, taken->sha256.substr(0, 8) + "." + finding.model + ".png"});
    cases::Examination x = begin(*taken);
    addResult(x, record);
    if (edit) {
        Json json = examine::toJson(x.record);
        edit(json);
        x.record = examine::recordFromJson(json);
    }
    const std::string folder = "artifacts/" + std::to_string(taken->id);
    fs::create_directories(m_store->folder() / folder);
    for (std::size_t i = 0; i < findings.size(); ++i)
        writeFileAtomically(m_store->folder() / folder / (*record.maps)[i].name,
                            image::encode(examine::renderEvidence(decoded.image, findings[i]),
                                          {.format = image::Format::Png}),
                            IfExists::Replace);
    std::vector<cases::Artifact> artifacts = cases::mapArtifacts(record, m_store->folder(), folder);
    if (!m_store->work().finish(x, artifacts, kWorker))
        throw std::runtime_error("the examination was not recorded");
    return x;
}

void CaseBuilder::examineLike(const examine::Finding& finding, image::Format format, int width, int height) {
    const auto taken = m_store->work().claim(kWorker, 600);
    if (!taken) throw std::runtime_error("no exhibit is waiting");
    examine::Record record;
    record.path = m_store->exhibits().fileOf(*taken);
    record.sha256 = taken->sha256;
    record.width = width;
    record.height = height;
    record.decode.format = format;
    record.decode.decoder = "libjpeg-turbo";
    record.decode.colour = "rgb";
    record.findings = {finding};
    cases::Examination x = begin(*taken);
    addResult(x, record);
    if (m_map.empty())
        m_map = image::encode(examine::renderEvidence(picture(width / 4, height / 4), finding),
                              {.format = image::Format::Png});
    cases::Artifact map;
    map.kind = "heatmap";
    map.path = "artifacts/" + std::to_string(taken->id) + "." + finding.model + ".png";
    map.sha256 = sha256Hex(m_map);
    fs::create_directories(m_store->folder() / "artifacts");
    writeFileAtomically(m_store->folder() / map.path, m_map, IfExists::Replace);
    if (!m_store->work().finish(x, std::span(&map, 1), kWorker))
        throw std::runtime_error("the examination was not recorded");
}

void CaseBuilder::fail(const std::string& problem) {
    const auto taken = m_store->work().claim(kWorker, 600);
    if (!taken) throw std::runtime_error("no exhibit is waiting");
    cases::Examination x = begin(*taken);
    x.problem = problem;
    x.record.path = taken->copyPath;
    x.record.error = examine::Record::Failure{"corrupt", problem};
    m_store->work().finish(x, {}, kWorker);
}

examine::Finding CaseBuilder::finding(const std::string& model, double score, const std::string& codeHex) {
    const models::Manifest manifest = models::findModel(model, {});
    const auto calibration = models::loadCalibration(manifest);
    examine::Finding f;
    f.model = model;
    f.modelSha256 = manifest.weightsSha256;
    f.scoreLogit = score;
    f.threshold = calibration->threshold;
    f.lowerThreshold = calibration->lowerThreshold;
    f.presence = score >= f.threshold        ? examine::Presence::Present
                 : score >= f.lowerThreshold ? examine::Presence::Inconclusive
                                             : examine::Presence::Absent;
    f.falsePositiveRate = {
        static_cast<double>(calibration->falsePositives) / calibration->negativeCount(),
        metrics::clopperPearsonUpper(calibration->falsePositives, calibration->negativeCount()),
        calibration->negativeCount(), examine::conditionOf(*calibration)};
    f.outside.emplace();
    f.geometriesTried = manifest.bits() > 1 ? 16 : 1;
    f.evidence.columns = f.evidence.rows = 6;
    for (int i = 0; i < 36; ++i) f.evidence.logits.push_back(static_cast<float>(score * std::sin(0.4 * i)));
    if (!codeHex.empty()) {
        examine::CodeReading code;
        code.hex = codeHex;
        code.bits = manifest.bits();
        for (const std::uint8_t bit : bitsFromHex(codeHex, code.bits))
            code.bitLogits.push_back(bit != 0 ? 4.0f : -4.0f);
        code.bitConfidence.assign(static_cast<std::size_t>(code.bits), 0.9987);
        code.bitConfidence[3] = 0.93;
        code.confidence = 0.9966;
        f.code = code;
    }
    return f;
}

examine::Finding CaseBuilder::keyedFinding(double log10P, const std::string& codeHex) {
    examine::Finding f;
    f.model = "keyed-test";
    f.modelSha256 = std::string(64, 'b');
    f.scoreLogit = -log10P;
    f.threshold = examine::kKeyedThresholds.present;
    f.lowerThreshold = examine::kKeyedThresholds.inconclusive;
    f.presence = f.scoreLogit >= f.threshold        ? examine::Presence::Present
                 : f.scoreLogit >= f.lowerThreshold ? examine::Presence::Inconclusive
                                                    : examine::Presence::Absent;
    f.outside.emplace();
    f.evidence.columns = f.evidence.rows = 4;
    f.evidence.logits.assign(16, 2);
    examine::KeyedEvidence& keyed = f.keyed.emplace();
    keyed.keyFingerprint = "0123456789abcdef";
    keyed.log10P = log10P;
    keyed.log10PSync = log10P / 2;
    keyed.trials = 1000;
    if (f.presence == examine::Presence::Present) {
        examine::KeyedEvidence::Region& part = keyed.regions.emplace_back();
        part.outline = {{0.25, 0.25}, {0.75, 0.25}, {0.75, 0.75}, {0.25, 0.75}};
        part.log10P = log10P;
        part.codeHex = codeHex;
    }
    if (!codeHex.empty()) {
        keyed.log10PCode = log10P / 2;
        examine::CodeReading& code = f.code.emplace();
        code.hex = codeHex;
        code.bits = 32;
        code.checked = true;
        for (const std::uint8_t bit : bitsFromHex(codeHex, code.bits))
            code.bitLogits.push_back(bit != 0 ? 1.0f : -1.0f);
    }
    return f;
}

}  // namespace signet::test
