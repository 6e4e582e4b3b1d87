#include "core/cases/tags.h"

#include "core/base/error.h"
#include "core/cases/read_rows.h"

namespace signet::cases {

RowId Tags::save(Tag& tag) {
    if (tag.name.empty()) throw Error(ErrorCode::BadOption, "a tag needs a name");
    m_case.database.write([&] {
        const std::vector<Field> fields{{"name", tag.name}, {"shortcut", tag.key}};
        if (tag.id == 0)
            tag.id = oneNumber(m_case.sql(), "SELECT id FROM tag WHERE name = :key1", {tag.name});
        if (tag.id == 0)
            tag.id = insertRow(m_case.sql(), "tag", fields);
        else
            updateRows(m_case.sql(), "tag", fields, "id = :key1", {tag.id});
        m_case.record("tag saved", "tag", tag.id, {{"name", tag.name}});
    });
    return tag.id;
}

std::vector<Tag> Tags::all() {
    return readRows(m_case, "SELECT id, name, shortcut FROM tag ORDER BY id", {}, [](RowReader& row) {
        Tag tag;
        tag.id = row.integer();
        tag.name = row.text();
        tag.key = row.text();
        return tag;
    });
}

void Tags::set(const std::set<RowId>& exhibits, RowId tag, bool on) {
    if (exhibits.empty()) return;
    m_case.database.write([&] {
        for (const RowId id : exhibits) set(id, tag, on);
    });
}

void Tags::set(RowId exhibit, RowId tag, bool on) {
    m_case.database.write([&] {
        RowId id = oneNumber(m_case.sql(),
                             "SELECT id FROM evidence_tag WHERE evidence_id = :key1 AND tag_id = :key2",
                             {exhibit, tag});
        if (id == 0) {
            if (!on) return;
            id = insertRow(m_case.sql(), "evidence_tag",
                           {{"evidence_id", exhibit}, {"tag_id", tag}, {"removed", std::int64_t{0}}});
        } else {
            updateRows(m_case.sql(), "evidence_tag", {{"removed", std::int64_t{!on}}}, "id = :key1", {id});
        }
        m_case.record(on ? "tagged" : "tag removed", "evidence_tag", id,
                      {{"evidence", exhibit}, {"tag", tag}});
    });
}

}  // namespace signet::cases
