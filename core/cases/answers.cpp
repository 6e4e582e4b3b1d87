#include "core/cases/answers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/examine/claim.h"
#include "core/examine/findings.h"
#include "core/examine/record_json.h"

namespace signet::cases {

std::vector<Field> answerFields(const examine::Record& record) {
    const examine::Finding* first = examine::leadingFinding(record.findings);
    const examine::Finding* coded = examine::leadingCode(record.findings);
    const std::optional<examine::CodeMatch> match = coded ? coded->match : std::nullopt;
    return {{"presence", first ? examine::answerOf(*first) : std::string()},
            {"model", first ? first->model : std::string()},
            {"score", first ? first->scoreLogit : 0.0},
            {"threshold", first ? first->threshold : 0.0},
            {"keyed", std::int64_t{first && first->keyed}},
            {"code", coded ? coded->code->hex : std::string()},
            {"code_checked", std::int64_t{coded && coded->code->checked}},
            {"match_answer", match ? std::string(toString(match->answer())) : std::string()},
            {"holder", match ? match->holder : std::string()},
            {"remarks", fmt::format("{}", fmt::join(examine::remarksOf(record), "\n"))}};
}

void fillAnswers(Database& database) {
    std::vector<std::pair<RowId, RowId>> last;  // exhibit, examination
    eachRow(database.sql(), "SELECT evidence_id, examination_id FROM work WHERE examination_id <> 0", {},
            [&](RowReader& row) {
                const RowId exhibit = row.integer();
                last.emplace_back(exhibit, row.integer());
            });
    for (const auto& [exhibit, examination] : last) {
        Json record = Json::object();
        eachRow(database.sql(), "SELECT record_json FROM examination WHERE id = :key1", {examination},
                [&](RowReader& row) { record = row.json(); });
        updateRows(database.sql(), "work", answerFields(examine::recordFromJson(record)),
                   "evidence_id = :key1", {exhibit});
    }
}

}  // namespace signet::cases
