#include "ui/itemmodels/parameter_model.h"

#include <QFont>
#include <algorithm>
#include <functional>

#include "ui/bridge/text.h"

namespace signet::ui {
namespace {

constexpr int kMostDifferences = 3;
constexpr int kLongestValue = 16;  ///< characters

/// Calls visit(key, value) for every value that is no object; keys of inner objects with a dot between.
void flatten(const Json& json, const std::string& prefix,
             const std::function<void(const std::string&, const Json&)>& visit) {
    for (const auto& [key, value] : json.items()) {
        if (value.is_object())
            flatten(value, prefix + key + ".", visit);
        else
            visit(prefix + key, value);
    }
}

QString valueText(const Json& value) {
    return toText(value.is_string() ? value.get<std::string>() : value.dump());
}

}  // namespace

ParameterModel::ParameterModel(QObject* parent) : QAbstractTableModel(parent) {}

void ParameterModel::setRuns(const std::vector<Run>& runs) {
    beginResetModel();
    m_names.clear();
    m_rows.clear();
    for (const Run& run : runs) {
        if (!run.options.is_object()) continue;
        const auto column = m_names.size();
        m_names << run.name;
        flatten(run.options, {}, [&](const std::string& name, const Json& value) {
            const QString key = toText(name);
            auto row = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& r) { return r.key == key; });
            if (row == m_rows.end()) row = m_rows.insert(row, Row{key, {}, false});
            while (row->values.size() < column) row->values << QStringLiteral("–");
            row->values << valueText(value);
        });
    }
    for (Row& row : m_rows) {
        while (row.values.size() < m_names.size()) row.values << QStringLiteral("–");
        row.differs = std::any_of(row.values.begin(), row.values.end(),
                                  [&](const QString& v) { return v != row.values.front(); });
    }
    choose();
    endResetModel();
}

void ParameterModel::setOnlyDiffering(bool on) {
    beginResetModel();
    m_onlyDiffering = on;
    choose();
    endResetModel();
}

QStringList ParameterModel::differences() const {
    QStringList texts(m_names.size());
    if (m_names.size() < 2) return texts;
    for (qsizetype run = 0; run < m_names.size(); ++run) {
        QStringList parts;
        int left = 0;
        for (const Row& row : m_rows) {
            if (!row.differs) continue;
            if (parts.size() == kMostDifferences) {
                ++left;
                continue;
            }
            QString value = row.values[run];
            if (value.size() > kLongestValue) value = value.left(kLongestValue - 1) + QChar(0x2026);
            parts << QStringLiteral("%1 %2").arg(row.key.section(QLatin1Char('.'), -1), value);
        }
        if (left > 0) parts << tr("%1 more").arg(left);
        texts[run] = parts.join(QStringLiteral(", "));
    }
    return texts;
}

void ParameterModel::choose() {
    m_shown.clear();
    const bool all = !m_onlyDiffering || m_names.size() < 2;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (all || m_rows[i].differs) m_shown.push_back(i);
    }
}

int ParameterModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int ParameterModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : 1 + static_cast<int>(m_names.size());
}

QVariant ParameterModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[m_shown[static_cast<std::size_t>(index.row())]];
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole)
        return index.column() == 0 ? row.key : row.values[index.column() - 1];
    if (role == Qt::FontRole && row.differs && m_names.size() > 1 && index.column() == 0) {
        QFont font;
        font.setBold(true);
        return font;
    }
    return {};
}

QVariant ParameterModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole)) return {};
    return section == 0 ? tr("Option") : section <= m_names.size() ? m_names[section - 1] : QString();
}

}  // namespace signet::ui
