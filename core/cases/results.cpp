#include "core/cases/results.h"

#include <fmt/format.h>

#include "core/cases/read_rows.h"
#include "core/examine/record_json.h"

namespace signet::cases {
namespace {

constexpr const char* kExaminations =
    "SELECT id, evidence_id, method, method_version, models_json, params_json, device, host, examiner, "
    "started_utc, finished_utc, outcome, problem, record_json FROM examination WHERE evidence_id = :key1 "
    "ORDER BY id";

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

Artifact readArtifact(RowReader& row) {
    Artifact artifact;
    artifact.id = row.integer();
    artifact.examination = row.integer();
    artifact.kind = row.text();
    artifact.path = row.text();
    artifact.sha256 = row.text();
    return artifact;
}

std::vector<Artifact> readArtifacts(CaseConnection& store, const char* where,
                                    const std::vector<SqlValue>& keys) {
    return readRows(
        store,
        fmt::format("SELECT id, examination_id, kind, path, sha256 FROM artifact {} ORDER BY id", where),
        keys, readArtifact);
}

}  // namespace

std::vector<Examination> Results::examinations(RowId exhibit) {
    return readRows(m_case, kExaminations, {exhibit}, readExamination);
}

std::vector<Artifact> Results::artifacts(RowId examination) {
    return readArtifacts(m_case, "WHERE examination_id = :key1", {examination});
}

std::vector<Artifact> Results::artifacts() {
    return readArtifacts(m_case, "", {});
}

}  // namespace signet::cases
