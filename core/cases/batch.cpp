#include "core/cases/batch.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <set>
#include <thread>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/platform.h"
#include "core/base/text.h"
#include "core/cases/case_files.h"
#include "core/cases/code_picture.h"
#include "core/cases/evidence_maps.h"
#include "core/cases/match.h"
#include "core/cases/verify.h"
#include "core/cases/worker_name.h"
#include "core/examine/claim.h"
#include "core/examine/keyed_detector.h"
#include "core/examine/picture_check.h"
#include "signet_build_info.h"

namespace fs = std::filesystem;

namespace signet::cases {
namespace {

constexpr auto kLook = std::chrono::milliseconds(300);  ///< between two looks for work in others' hands

/// Of the keys that keyed signatures are looked for with (Examiner::Options::keys).
Json fingerprintsOf(const std::vector<signature::SecretKey>& keys) {
    Json fingerprints = Json::array();
    for (const signature::SecretKey& key : keys) fingerprints.push_back(key.fingerprint());
    if (keys.empty()) fingerprints.push_back(signature::SecretKey::publicDefault().fingerprint());
    return fingerprints;
}

class Batch {
public:
    Batch(CaseStore& store, const BatchExaminer& examiner, const BatchOptions& options,
          const WorkContext& context)
        : m_store(store),
          m_examiner(examiner),
          m_options(options),
          m_context(context),
          m_worker(options.worker.empty() ? workerName() : options.worker) {}

    BatchResult run(const std::function<void(const ItemOutcome&)>& onItem,
                    const std::function<void()>& betweenItems) {
        removeLeftovers(m_store);
        BatchResult result;
        while (!m_context.stop.stop_requested()) {
            if (betweenItems) betweenItems();
            if (m_context.stop.stop_requested()) break;
            const std::optional<Exhibit> next =
                m_store.work().claim(m_worker, m_options.leaseSeconds, m_options.only);
            if (!next) {
                if (!m_options.waitForOthers || m_store.work().progress().running == 0) break;
                std::this_thread::sleep_for(kLook);
                removeLeftovers(m_store);
                continue;
            }
            if (m_options.onTaken) m_options.onTaken(*next);
            ItemOutcome outcome{*next, {}, true};
            try {
                if (!examineOne(outcome)) {
                    m_store.work().release(next->id, m_worker);
                    break;
                }
            } catch (...) {
                giveBackQuietly(next->id);
                throw;
            }
            if (!outcome.recorded)
                ++result.lost;
            else
                ++(outcome.examination.done ? result.done : result.failed);
            if (onItem) onItem(outcome);
        }
        return result;
    }

private:
    /// False when it was stopped.
    bool examineOne(ItemOutcome& outcome) {
        const Exhibit& exhibit = outcome.exhibit;
        Examination& x = outcome.examination;
        x.exhibit = exhibit.id;
        x.method = m_examiner.method;
        x.methodVersion = kVersion + std::string(" ") + kCommit;
        x.models = m_examiner.modelHashes;
        x.params = {
            {"models", m_examiner.models}, {"tiles", m_options.check.tiles}, {"frame", exhibit.frame}};
        if (m_examiner.keyed) x.params["keys"] = fingerprintsOf(m_options.setup.keys);
        x.device = m_options.setup.device;
        x.host = hostName();
        x.startedUtc = utcNow();
        examine::CheckOptions check = m_options.check;
        check.models = m_examiner.models;
        check.frame = exhibit.frame;
        const std::string folder = mapFolder(exhibit.id, m_worker, x.startedUtc);
        UnrecordedFolder maps(m_store.folder() / folder);
        check.mapsFolder = maps.path();
        check.metadata = true;
        examine::Record record = m_examiner.check(m_store.exhibits().fileOf(exhibit), check, m_context);
        if (record.error && m_context.stop.stop_requested()) return false;
        x.done = !record.error;
        if (record.error) x.problem = record.error->message;
        std::string mismatch;
        if (!record.sha256.empty() && record.sha256 != exhibit.sha256)
            mismatch =
                fmt::format("the file had SHA-256 {} when it was to be examined, {} was recorded at intake",
                            record.sha256, exhibit.sha256);
        else if (record.error && record.error->code == "not_found")
            mismatch = record.error->message;
        if (!mismatch.empty()) {
            x.done = false;
            x.problem = mismatch;
            examine::Record refused;
            refused.path = record.path;
            refused.decode.frame = record.decode.frame;
            refused.error = examine::Record::Failure{"hash_mismatch", mismatch};
            record = std::move(refused);
        }
        std::vector<Artifact> artifacts;
        if (x.done) {
            addMatches(record, m_store.codes().valid());
            artifacts = mapArtifacts(record, m_store.folder(), folder);
        }
        x.record = std::move(record);
        outcome.recorded = m_store.work().finish(x, artifacts, m_worker);
        if (outcome.recorded && x.done) maps.keep();
        if (outcome.recorded && !mismatch.empty()) recordMismatch(m_store, exhibit.id, mismatch);
        if (outcome.recorded && x.done) recordRestored(m_store, exhibit.id);
        return true;
    }

    void giveBackQuietly(RowId exhibit) {
        try {
            m_store.work().release(exhibit, m_worker);
        } catch (const std::exception&) {  // the lease ends by itself
        }
    }

    CaseStore& m_store;
    const BatchExaminer& m_examiner;
    const BatchOptions& m_options;
    const WorkContext& m_context;
    const std::string m_worker;
};

}  // namespace

void addMatches(examine::Record& record, std::span<const RegisteredCode> codes) {
    for (examine::Finding& f : record.findings) {
        // A fingerprint's code was looked up in its own registry.
        if (f.code && f.kind != models::Kind::Fingerprint)
            f.match = matchCode({f.code->hex, f.code->bits, f.model, f.geometriesTried, f.code->bitConfidence,
                                 f.code->checked, f.keyed ? f.keyed->keyFingerprint : std::string()},
                                codes);
        if (!f.code || !f.keyed || !f.keyed->seen) continue;
        const auto comparison =
            comparePictures({f.keyed->keyFingerprint, f.code->hex, *f.keyed->seen}, codes);
        if (comparison.answer == signature::PictureAnswer::NotRegistered) continue;
        const RegisteredCode& entry = codes[comparison.entry];
        if (!entry.pictureHash.empty()) examine::setPicture(f, comparison, entry.holder, entry.pictureSha256);
    }
    examine::setPictureConflicts(record);
}

BatchExaminer batchExaminer(examine::Examiner& examiner, const std::vector<std::string>& models) {
    BatchExaminer batch;
    batch.models = models.empty() ? examiner.defaultModels() : models;
    std::set<std::string> methods;
    for (const std::string& model : batch.models) {
        examiner.loadModel(model);
        const auto& manifest = examiner.manifest(model);
        methods.insert(examine::methodOf(manifest.kind()));
        batch.keyed = batch.keyed || examine::isKeyed(manifest);
        batch.modelHashes.push_back({{"name", manifest.name}, {"sha256", manifest.weightsSha256}});
    }
    batch.method = fmt::format("{}", fmt::join(methods, ", "));
    batch.check = [&examiner](const fs::path& path, const examine::CheckOptions& options,
                              const WorkContext& context) { return examiner.check(path, options, context); };
    return batch;
}

BatchResult examineCase(CaseStore& store, const BatchExaminer& examiner, const BatchOptions& options,
                        const WorkContext& context, const std::function<void(const ItemOutcome&)>& onItem,
                        const std::function<void()>& betweenItems) {
    return Batch(store, examiner, options, context).run(onItem, betweenItems);
}

BatchResult examineCase(CaseStore& store, examine::Examiner& examiner, const BatchOptions& options,
                        const WorkContext& context, const std::function<void(const ItemOutcome&)>& onItem,
                        const std::function<void()>& betweenItems) {
    return examineCase(store, batchExaminer(examiner, options.check.models), options, context, onItem,
                       betweenItems);
}

}  // namespace signet::cases
