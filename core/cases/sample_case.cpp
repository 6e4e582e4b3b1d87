#include "core/cases/sample_case.h"

#include <fmt/format.h>

#include <map>

#include "core/base/error.h"
#include "core/base/hashing.h"
#include "core/cases/case_store.h"

namespace fs = std::filesystem;

namespace signet::cases {
namespace {

constexpr std::size_t kBatch = 500;  ///< exhibits in one transaction
const std::string kWorker = "sample";

class SampleCase {
public:
    SampleCase(CaseStore& store, const SampleCaseOptions& options, const WorkContext& context)
        : m_store(store), m_options(options), m_context(context) {}

    void run() {
        m_tags = {{0, "relevant", "1"}, {0, "to be discussed with the customer", "2"}};
        for (Tag& tag : m_tags) m_store.tags().save(tag);
        const auto& files = m_options.files;
        for (std::size_t first = 0; first < files.size(); first += kBatch) {
            if (m_context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "interrupted");
            m_context.report(first, files.size(), "making a case");
            m_store.write([&] { addSome(first, std::min(first + kBatch, files.size())); });
        }
    }

private:
    static bool each(std::size_t i, int every) {
        return every > 0 && i % static_cast<std::size_t>(every) == 0;
    }

    /// The files may be links to a few pictures: each of these is hashed once.
    StreamHash::Digests hashesOf(const fs::path& file) {
        const auto key = std::pair(fs::file_size(file), fs::last_write_time(file));
        const auto known = m_hashes.find(key);
        if (known != m_hashes.end()) return known->second;
        return m_hashes[key] = hashFile(file);
    }

    void addSome(std::size_t first, std::size_t end) {
        std::vector<Exhibit> rows;
        for (std::size_t i = first; i < end; ++i) {
            const fs::path& file = m_options.files[i];
            const StreamHash::Digests hashes = hashesOf(file);
            Exhibit e;
            e.sha256 = hashes.sha256;
            e.md5 = hashes.md5;
            e.bytes = static_cast<std::int64_t>(fs::file_size(file));
            e.originalPath = file;
            e.receivedFrom = "benchmark";
            rows.push_back(std::move(e));
        }
        m_store.exhibits().add(rows);
        for (std::size_t i = first; i < end; ++i) {
            const RowId id = rows[i - first].id;
            if (!each(i, m_options.waitEvery)) examine(id, i);
            if (each(i, m_options.tagEvery)) m_store.tags().set(id, m_tags[0].id, true);
            if (each(i, 10 * m_options.tagEvery)) m_store.tags().set(id, m_tags[1].id, true);
            if (!each(i, m_options.findingEvery)) continue;
            Finding finding;
            finding.exhibit = id;
            finding.comment = "made up for a benchmark";
            m_store.findings().save(finding);
        }
    }

    void examine(RowId id, std::size_t i) {
        if (!m_store.work().claim(kWorker, 3600, id)) return;
        const bool found = each(i, m_options.signedEvery);
        const double score = found ? 4.0 + 0.001 * static_cast<double>(i % 1000) : -3.0;
        examine::Finding finding;
        finding.model = "photo-code32";
        finding.modelSha256 = std::string(64, '0');
        finding.presence = found ? examine::Presence::Present : examine::Presence::Absent;
        finding.scoreLogit = score;
        finding.threshold = finding.lowerThreshold = 1.5;
        finding.geometriesTried = 16;
        if (found) {
            finding.code.emplace();
            finding.code->hex = fmt::format("{:08x}", (i * 2654435761u) & 0xffffffffu);
            finding.code->bits = 32;
            finding.code->confidence = 0.99;
        }
        Examination x;
        x.exhibit = id;
        x.method = "made up";
        x.methodVersion = "benchmark";
        x.params = {{"models", Json::array({"photo-code32"})}, {"tiles", false}};
        x.done = true;
        x.record.findings = {finding};
        m_store.work().finish(x, {}, kWorker);
    }

    CaseStore& m_store;
    const SampleCaseOptions& m_options;
    const WorkContext& m_context;
    std::vector<Tag> m_tags;
    std::map<std::pair<std::uintmax_t, fs::file_time_type>, StreamHash::Digests> m_hashes;
};

}  // namespace

void fillSampleCase(CaseStore& store, const SampleCaseOptions& options, const WorkContext& context) {
    SampleCase(store, options, context).run();
}

}  // namespace signet::cases
