#pragma once

#include "core/cases/database.h"
#include "core/cases/sql_row.h"
#include "core/examine/record.h"

namespace signet::cases {

/// What the table of exhibits shows of an examination's record, as columns of work: its leading finding, its
/// leading code with how that compares with the registered ones, its conflicts and warnings.
std::vector<Field> answerFields(const examine::Record& record);

/// The same for every exhibit, anew from the record of its last examination. In a transaction.
void fillAnswers(Database& database);

}  // namespace signet::cases
