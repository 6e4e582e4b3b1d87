#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <new>
#include <numeric>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/text.h"
#include "core/examine/conditions.h"
#include "core/examine/examine.h"
#include "core/examine/examiner_impl.h"
#include "core/examine/loaded_models.h"
#include "core/examine/picture_check.h"
#include "core/image/encode.h"
#include "core/image/file_names.h"
#include "core/signature/model.h"

namespace signet::examine {

double EvidenceMap::mean() const {
    if (logits.empty()) return 0;
    return std::accumulate(logits.begin(), logits.end(), 0.0) / static_cast<double>(logits.size());
}

Record::Failure failureOf(const std::exception& exception) {
    if (const auto* error = dynamic_cast<const Error*>(&exception))
        return {std::string(toString(error->code())), error->what()};
    if (dynamic_cast<const std::bad_alloc*>(&exception))
        return {"too_large", "there is not enough memory for this image"};
    return {"internal", exception.what()};
}

void refuseSmall(int width, int height) {
    if (std::min(width, height) < kSmallestSide) {
        throw Error(ErrorCode::TooSmall,
                    fmt::format("the image has {} x {} px; no answer is given below {} px a side", width,
                                height, kSmallestSide));
    }
}

std::string runtimeDescription() {
    return signature::runtimeDescription();
}

Examiner::Examiner(Options options) : m_impl(std::make_unique<Impl>(std::move(options))) {}
Examiner::~Examiner() = default;

void Examiner::loadModel(const std::string& name) {
    m_impl->models.get(name);
}
std::vector<std::string> Examiner::defaultModels() const {
    return m_impl->models.defaults();
}
const models::Manifest& Examiner::manifest(const std::string& model) {
    return m_impl->models.get(model).manifest;
}
const std::optional<models::Calibration>& Examiner::calibration(const std::string& model) {
    return m_impl->models.get(model).calibration;
}

namespace {

/// A map that cannot be written is no reason to give no answer: it is missing, and the record says so.
void writeMaps(Record& record, const image::Image& shown, const CheckOptions& options) {
    record.maps.emplace();
    const std::string frame = options.frame == 1 ? "" : fmt::format(".{}", options.frame);
    for (const Finding& finding : record.findings) {
        if (finding.evidence.logits.empty()) continue;  // its model shows no places
        const std::filesystem::path name =
            fittingName(record.path.stem().native(),
                        fmt::format("{}.{}.{}.png", frame, record.sha256.substr(0, 8), finding.model));
        try {
            std::filesystem::create_directories(options.mapsFolder);
            writeFileAtomically(options.mapsFolder / name,
                                image::encode(renderEvidence(shown, finding), {.format = image::Format::Png}),
                                IfExists::Replace);
            record.maps->push_back({finding.model, name});
        } catch (const std::exception& problem) {
            ++record.mapsFailed;
            record.warnings.push_back(
                fmt::format("the evidence map of {} is missing: {}", finding.model, problem.what()));
        }
    }
}

/// A keyed signature's p-value holds for any picture.
std::vector<std::string> outsideOf(const LoadedModel& model, const ImageCondition& condition,
                                   const Finding& finding) {
    if (finding.keyed) return {};
    if (!model.calibration) return {"the model has no calibration"};
    return outsideConditions(*model.calibration, condition, finding);
}

void compareWithSigned(const std::optional<signature::SignedRegister>& signedPictures, Finding& finding,
                       std::vector<std::string>& warnings) {
    if (!signedPictures) return;
    try {
        compareWithRegister(finding, *signedPictures, &warnings);
    } catch (const Error& error) {
        warnings.push_back(fmt::format("the register of signed pictures was not asked: {}", error.what()));
    }
}

}  // namespace

Record Examiner::check(const std::filesystem::path& path, const CheckOptions& options,
                       const WorkContext& context) {
    const auto begin = std::chrono::steady_clock::now();
    Record record;
    record.path = path;
    // The set-up is not this image's fault: a model that cannot be loaded is thrown.
    std::vector<LoadedModel*> models;
    for (const auto& name : options.models.empty() ? m_impl->models.defaults() : options.models)
        models.push_back(&m_impl->models.get(name));
    Bytes bytes;
    std::future<std::string> sha256;  // made beside the decoding, of which it is a tenth
    try {
        bytes = readFile(path);
        sha256 = std::async(std::launch::async, [&] { return sha256Hex(bytes); });
        record.fileBytes = bytes.size();
        const auto header = image::probe(bytes, options.frame);
        record.decode.format = header.format;
        record.decode.frames = header.frames;
        record.decode.frame = options.frame;
        record.width = header.width;
        record.height = header.height;
        refuseSmall(header.width, header.height);
        int side = 0;
        for (const auto* model : models) side = std::max(side, model->detector().decodedSide());
        image::DecodeOptions how = reducedTo(options.tiles ? 0 : side);
        how.frame = options.frame;
        auto decoded = image::decode(bytes, how);
        record.sha256 = sha256.get();
        record.decode = decoded.info;
        record.warnings = decoded.info.warnings;
        const std::string misnamed = image::endingConflict(path, header.format);
        if (!misnamed.empty()) record.warnings.push_back(misnamed);
        const ImageCondition condition = conditionOf(bytes, header, decoded.info, decoded.image);
        for (auto* model : models) {
            if (context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped");
            Finding& finding = record.findings.emplace_back(findingOf(*model, decoded.image));
            finding.outside = outsideOf(*model, condition, finding);
            compareWithSigned(m_impl->signedPictures, finding, record.warnings);
            if (options.tiles) finding.tiles = scoreTiles(*model, decoded.image, context);
            if (!model->calibration && !finding.keyed)
                record.warnings.push_back(
                    fmt::format("{} has no calibration: its score has no known false positive rate",
                                model->manifest.name));
        }
        image::Metadata metadata = image::readMetadata(bytes, options.frame);
        if (!metadata.warning.empty()) record.warnings.push_back(metadata.warning);
        record.conflicts = findConflicts(metadata, decoded.info, decoded.image, record.findings);
        setPictureConflicts(record);
        if (!misnamed.empty())
            record.conflicts.push_back({"ending_differs", "The file is misnamed: " + misnamed + "."});
        if (options.metadata) record.metadata = std::move(metadata.entries);
        if (!options.mapsFolder.empty()) writeMaps(record, decoded.image, options);
    } catch (const std::exception& exception) {
        record.findings.clear();
        record.conflicts.clear();
        record.metadata.reset();
        record.maps.reset();
        record.error = failureOf(exception);
        if (sha256.valid()) record.sha256 = sha256.get();
    }
    record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return record;
}

}  // namespace signet::examine
