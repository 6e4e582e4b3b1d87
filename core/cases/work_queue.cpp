#include "core/cases/work_queue.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/cases/answers.h"
#include "core/cases/case_connection.h"
#include "core/cases/custody.h"
#include "core/cases/exhibits.h"
#include "core/cases/worker_name.h"
#include "core/examine/record_json.h"

namespace signet::cases {
namespace {

const Field kNobody{"worker", std::string()};
const Field kWaiting{"state", std::string("waiting")};

}  // namespace

std::string_view toString(WorkState state) {
    switch (state) {
        case WorkState::Waiting:
            return "waiting";
        case WorkState::Running:
            return "running";
        case WorkState::Done:
            return "done";
        case WorkState::Failed:
            return "failed";
    }
    return "waiting";
}

void WorkQueue::enqueue(const std::set<RowId>& exhibits) {
    if (exhibits.empty()) return;
    m_case.database.write([&] {
        updateRows(m_case.sql(), "work", {kWaiting, kNobody, {"problem", std::string()}},
                   fmt::format("evidence_id IN ({}) AND state <> 'running'", fmt::join(exhibits, ", ")), {});
        appendAudit(m_case.database, m_case.actor, "examination asked for", "evidence",
                    {{"count", exhibits.size()}, {"first", *exhibits.begin()}, {"last", *exhibits.rbegin()}});
    });
}

std::optional<Exhibit> WorkQueue::claim(const std::string& worker, int leaseSeconds, RowId only) {
    RowId id = 0;
    m_case.database.writeAside([&] {
        const bool server = m_case.database.dialect() == Dialect::Postgres;
        id = oneNumber(
            m_case.sql(),
            fmt::format("SELECT evidence_id FROM work WHERE (state = 'waiting' OR (state = 'running' AND "
                        "lease_until_ms < {})){} ORDER BY evidence_id LIMIT 1{}",
                        m_case.database.nowMs(), only == 0 ? "" : fmt::format(" AND evidence_id = {}", only),
                        server ? " FOR UPDATE SKIP LOCKED" : ""));
        if (id == 0) return;
        const std::int64_t now =
            oneNumber(m_case.sql(), fmt::format("SELECT CAST({} AS BIGINT)", m_case.database.nowMs()));
        updateRows(m_case.sql(), "work",
                   {{"state", std::string("running")},
                    {"worker", worker},
                    {"lease_until_ms", now + std::int64_t{1000} * leaseSeconds}},
                   "evidence_id = :key1", {id});
        m_case.sql() << fmt::format("UPDATE work SET attempts = attempts + 1 WHERE evidence_id = {}", id);
    });
    if (id == 0) return std::nullopt;
    return Exhibits(m_case).byId(id);
}

void WorkQueue::release(RowId exhibit, const std::string& worker) {
    m_case.database.writeAside([&] {
        updateRows(m_case.sql(), "work", {kWaiting, kNobody},
                   "evidence_id = :key1 AND worker = :key2 AND state = 'running'", {exhibit, worker});
    });
}

std::set<RowId> WorkQueue::releaseFromDead() {
    std::set<RowId> back;
    m_case.database.writeAside([&] {
        back.clear();
        std::vector<std::pair<RowId, std::string>> dead;
        eachRow(m_case.sql(), "SELECT evidence_id, worker FROM work WHERE state = 'running'", {},
                [&](RowReader& row) {
                    const RowId id = row.integer();
                    const std::string worker = row.text();
                    if (isDeadHere(worker)) dead.emplace_back(id, worker);
                });
        for (const auto& [id, worker] : dead) {
            if (updateRows(m_case.sql(), "work", {kWaiting, kNobody},
                           "evidence_id = :key1 AND worker = :key2", {id, worker}) > 0)
                back.insert(id);
        }
    });
    return back;
}

bool WorkQueue::finish(Examination& x, std::span<Artifact> artifacts, const std::string& worker) {
    bool mine = false;
    m_case.database.write([&] {
        mine = oneNumber(m_case.sql(),
                         "SELECT COUNT(*) FROM work WHERE evidence_id = :key1 AND worker = :key2 AND state = "
                         "'running'",
                         {x.exhibit, worker}) == 1;
        if (!mine) {
            // Recorded before, when only the answer to the commit was lost.
            mine = x.id != 0 &&
                   oneNumber(m_case.sql(), "SELECT COUNT(*) FROM examination WHERE id = :key1", {x.id}) == 1;
            return;
        }
        if (x.examiner.empty()) x.examiner = m_case.actor;
        if (x.finishedUtc.empty()) x.finishedUtc = utcNow();
        x.asRecorded = examine::toJson(x.record);
        x.id =
            insertRow(m_case.sql(), "examination",
                      {{"evidence_id", x.exhibit},
                       {"method", x.method},
                       {"method_version", x.methodVersion},
                       {"models_json", x.models.dump()},
                       {"params_json", x.params.dump()},
                       {"device", x.device},
                       {"host", x.host},
                       {"examiner", x.examiner},
                       {"started_utc", x.startedUtc},
                       {"finished_utc", x.finishedUtc},
                       {"outcome", std::string(x.done ? "done" : "failed")},
                       {"problem", x.problem},
                       {"record_json", x.asRecorded.dump(-1, ' ', false, Json::error_handler_t::replace)}});
        m_case.record("examined", "examination", x.id,
                      {{"evidence", x.exhibit}, {"outcome", x.done ? "done" : "failed"}});
        for (Artifact& artifact : artifacts) {
            artifact.examination = x.id;
            artifact.id = insertRow(m_case.sql(), "artifact",
                                    {{"examination_id", x.id},
                                     {"kind", artifact.kind},
                                     {"path", artifact.path},
                                     {"sha256", artifact.sha256}});
            m_case.record("artifact made", "artifact", artifact.id, {{"sha256", artifact.sha256}});
        }
        for (const examine::Finding& finding : x.record.findings) {
            const char* score = finding.kind == models::Kind::Classifier ? "class score"
                                : finding.keyed                          ? "-log10 p-value"
                                                                         : "presence score";
            for (const auto& [name, value] :
                 {std::pair(score, finding.scoreLogit), {"threshold", finding.threshold}})
                insertPlain(m_case.sql(), "result_scalar",
                            {{"examination_id", x.id},
                             {"model", finding.model},
                             {"name", std::string(name)},
                             {"value", value}});
            if (!finding.code) continue;
            const std::optional<examine::CodeMatch>& match = finding.match;
            const bool named = match && match->answer() == examine::MatchAnswer::Match;
            insertPlain(m_case.sql(), "result_code",
                        {{"examination_id", x.id},
                         {"model", finding.model},
                         {"code", finding.code->hex},
                         {"bits", std::int64_t{finding.code->bits}},
                         {"matched", std::int64_t{match ? match->matched : 0}},
                         {"log10_p", match ? match->log10PCorrected : 0.0},
                         {"holder", named ? match->holder : std::string()}});
        }
        CustodyLog(m_case).add(x.exhibit, "examined", x.done ? "SHA-256 as at intake" : x.problem);
        std::vector<Field> fields = answerFields(x.record);
        fields.insert(fields.end(), {{"state", std::string(x.done ? "done" : "failed")},
                                     kNobody,
                                     {"examination_id", x.id},
                                     {"problem", x.problem}});
        updateRows(m_case.sql(), "work", fields, "evidence_id = :key1", {x.exhibit});
    });
    return mine;
}

WorkQueue::Progress WorkQueue::progress() {
    Progress progress;
    m_case.database.read([&] {
        progress = {};
        eachRow(m_case.sql(), "SELECT state, COUNT(*) FROM work GROUP BY state", {}, [&](RowReader& row) {
            const std::string state = row.text();
            const std::int64_t count = row.integer();
            if (state == "waiting") progress.waiting = count;
            if (state == "running") progress.running = count;
            if (state == "done") progress.done = count;
            if (state == "failed") progress.failed = count;
        });
    });
    return progress;
}

}  // namespace signet::cases
