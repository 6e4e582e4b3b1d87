#include "core/cases/results.h"

#include <fmt/format.h>

#include "core/cases/case_connection.h"
#include "core/examine/record_json.h"

namespace signet::cases {
namespace {

constexpr const char* kExamination =
    "SELECT id, evidence_id, method, method_version, models_json, params_json, device, host, examiner, "
    "started_utc, "
    "finished_utc, outcome, problem, record_json FROM examination";

Examination readExamination(RowReader& row) {
    Examination x;
    x.id = row.integer();
    x.exhibit = row.integer();
    x.method = row.text();
    x.methodVersion = row.text();
    x.models = row.json();
    x.params = row.json();
    x.device = row.text();
    x.host = row.text();
    x.examiner = row.text();
    x.startedUtc = row.text();
    x.finishedUtc = row.text();
    x.done = row.text() == "done";
    x.problem = row.text();
    x.asRecorded = row.json();
    x.record = examine::recordFromJson(x.asRecorded);
    return x;
}

std::vector<Artifact> readArtifacts(CaseConnection& store, const std::string& where,
                                    std::vector<SqlValue> keys) {
    std::vector<Artifact> artifacts;
    store.database.read([&] {
        artifacts.clear();
        eachRow(
            store.sql(),
            fmt::format("SELECT id, examination_id, kind, path, sha256 FROM artifact {} ORDER BY id", where),
            keys, [&](RowReader& row) {
                Artifact artifact;
                artifact.id = row.integer();
                artifact.examination = row.integer();
                artifact.kind = row.text();
                artifact.path = row.text();
                artifact.sha256 = row.text();
                artifacts.push_back(std::move(artifact));
            });
    });
    return artifacts;
}

std::vector<Examination> readExaminations(CaseConnection& store, const std::string& where,
                                          std::vector<SqlValue> keys) {
    std::vector<Examination> examinations;
    store.database.read([&] {
        examinations.clear();
        eachRow(store.sql(), fmt::format("{} {} ORDER BY id", kExamination, where), keys,
                [&](RowReader& row) { examinations.push_back(readExamination(row)); });
    });
    return examinations;
}

}  // namespace

std::vector<Examination> Results::examinations(RowId exhibit) {
    return readExaminations(m_case, "WHERE evidence_id = :key1", {exhibit});
}

std::vector<Artifact> Results::artifacts(RowId examination) {
    return readArtifacts(m_case, "WHERE examination_id = :key1", {examination});
}

std::vector<Artifact> Results::artifacts() {
    return readArtifacts(m_case, "", {});
}

}  // namespace signet::cases
