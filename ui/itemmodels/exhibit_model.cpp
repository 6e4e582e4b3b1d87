#include "ui/itemmodels/exhibit_model.h"

#include <QFontDatabase>
#include <algorithm>

#include "core/cases/match.h"
#include "core/examine/findings.h"
#include "ui/bridge/text.h"
#include "ui/itemmodels/keyed_text.h"
#include "ui/itemmodels/presence_text.h"
#include "ui/style/icons.h"

namespace signet::ui {
namespace {

constexpr int kShownHashDigits = 16;

QString stateIconName(cases::WorkState state) {
    switch (state) {
        case cases::WorkState::Waiting:
            return QStringLiteral("waiting");
        case cases::WorkState::Running:
            return QStringLiteral("examining");
        case cases::WorkState::Done:
            return QStringLiteral("verified");
        case cases::WorkState::Failed:
            return QStringLiteral("error");
    }
    return {};
}

bool isNumber(int column) {
    return column == ExhibitModel::NumberColumn || column == ExhibitModel::ScoreColumn ||
           column == ExhibitModel::PValueColumn;
}

}  // namespace

QString workStateText(cases::WorkState state) {
    return state == cases::WorkState::Running ? QObject::tr("examining") : toText(cases::toString(state));
}

QString holderText(const cases::Exhibit& e) {
    if (!e.match || *e.match == examine::MatchAnswer::None) return {};
    if (*e.match == examine::MatchAnswer::Match) return toText(e.holder);
    return QObject::tr("%1 (%2)").arg(toText(e.holder), toText(toString(*e.match)));
}

ExhibitModel::ExhibitModel(MediaService& media, QObject* parent)
    : QAbstractTableModel(parent), m_thumbnails(new Thumbnails(media, this)) {
    connect(m_thumbnails, &Thumbnails::changed, this, [this](quint64 key) {
        const int row = rowOf(static_cast<cases::RowId>(key));
        if (row < 0) return;
        const QModelIndex at = index(row, PictureColumn);
        Q_EMIT dataChanged(at, at, {Qt::DecorationRole});
    });
}

void ExhibitModel::reset(std::vector<cases::Exhibit> exhibits, const std::filesystem::path& folder) {
    beginResetModel();
    m_rows = std::move(exhibits);
    m_folder = folder;
    m_counts = {};
    for (const cases::Exhibit& e : m_rows) count(e, 1);
    m_thumbnails->clear();
    endResetModel();
}

void ExhibitModel::update(const std::vector<cases::Exhibit>& exhibits) {
    for (std::size_t i = 0; i < exhibits.size();) {
        const cases::Exhibit& e = exhibits[i];
        const int row = rowOf(e.id);
        if (row >= 0) {
            cases::Exhibit& known = m_rows[static_cast<std::size_t>(row)];
            count(known, -1);
            known = e;
            count(known, 1);
            Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
            ++i;
            continue;
        }
        // new ones that follow one another go in together
        const auto at = std::lower_bound(m_rows.begin(), m_rows.end(), e.id,
                                         [](const cases::Exhibit& a, cases::RowId id) { return a.id < id; });
        std::size_t end = i + 1;
        while (end < exhibits.size() && exhibits[end].id > exhibits[end - 1].id &&
               (at == m_rows.end() || exhibits[end].id < at->id))
            ++end;
        const int first = static_cast<int>(at - m_rows.begin());
        beginInsertRows({}, first, first + static_cast<int>(end - i) - 1);
        m_rows.insert(at, exhibits.begin() + static_cast<std::ptrdiff_t>(i),
                      exhibits.begin() + static_cast<std::ptrdiff_t>(end));
        for (; i < end; ++i) count(exhibits[i], 1);
        endInsertRows();
    }
}

void ExhibitModel::setTags(const std::vector<cases::Tag>& tags) {
    m_tags = tags;
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, TagsColumn), index(rowCount() - 1, TagsColumn), {Qt::DisplayRole});
}

int ExhibitModel::rowOf(cases::RowId id) const {
    const auto at = std::lower_bound(m_rows.begin(), m_rows.end(), id,
                                     [](const cases::Exhibit& e, cases::RowId key) { return e.id < key; });
    return at != m_rows.end() && at->id == id ? static_cast<int>(at - m_rows.begin()) : -1;
}

std::filesystem::path ExhibitModel::fileOf(const cases::Exhibit& exhibit) const {
    return exhibit.copyPath.empty() ? exhibit.originalPath : m_folder / exhibit.copyPath;
}

int ExhibitModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ExhibitModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString ExhibitModel::tagNames(const cases::Exhibit& e) const {
    QStringList names;
    for (const cases::Tag& tag : m_tags) {
        if (std::find(e.tags.begin(), e.tags.end(), tag.id) != e.tags.end()) names << toText(tag.name);
    }
    return names.join(QStringLiteral(", "));
}

QVariant ExhibitModel::display(const cases::Exhibit& e, int column) const {
    switch (column) {
        case NumberColumn:
            return QString::number(e.id);
        case FileColumn:
            return toText(visibleName(cases::nameOf(e)));
        case StateColumn:
            return workStateText(e.state);
        case PresenceColumn:
            return toText(e.presence);
        case ModelColumn:
            return toText(e.model);
        case ScoreColumn:
            return e.model.empty() || e.keyed ? QString() : logitText(e.score);
        case PValueColumn: {
            const std::optional<double> log10P = cases::log10POf(e);
            return log10P ? log10Text(*log10P) : QString();
        }
        case CodeColumn:
            return toText(cases::codeText(e));
        case HolderColumn:
            return holderText(e);
        case RemarksColumn:
            return remarksText(e.remarks, QStringLiteral("; "));
        case TagsColumn:
            return tagNames(e);
        case HashColumn:
            return toText(std::string_view(e.sha256).substr(0, kShownHashDigits));
        default:
            return {};
    }
}

QVariant ExhibitModel::decoration(const cases::Exhibit& e, int column) const {
    if (column == StateColumn) return themedIcon(stateIconName(e.state));
    // at the file's name, too: the column of the texts may be out of sight
    if ((column == RemarksColumn || column == FileColumn) && !e.remarks.empty())
        return themedIcon(QStringLiteral("conflict"));
    if (column == PresenceColumn) {
        const std::optional<examine::Presence> presence = cases::presenceOf(e);
        return presence ? themedIcon(presenceIcon(*presence)) : QVariant();
    }
    if (column != PictureColumn) return {};
    const QPixmap* thumbnail = m_thumbnails->of(static_cast<quint64>(e.id), fileOf(e), e.frame);
    if (thumbnail == nullptr) return {};
    return thumbnail->isNull() ? themedIcon(QStringLiteral("image")) : QIcon(*thumbnail);
}

QVariant ExhibitModel::toolTip(const cases::Exhibit& e, int column) const {
    if (column == HashColumn) return tr("SHA-256 %1").arg(toText(e.sha256));
    if (column == StateColumn && !e.problem.empty()) return sentence(e.problem);
    if ((column == ScoreColumn || column == PValueColumn || column == PresenceColumn) && !e.model.empty())
        return e.keyed ? tr("%1: p = %2, threshold %3")
                             .arg(toText(e.model), powerOfTenText(-e.score), powerOfTenText(-e.threshold))
                       : tr("%1: score %2 logit, threshold %3")
                             .arg(toText(e.model), logitText(e.score), logitText(e.threshold));
    if (column == RemarksColumn) return remarksText(e.remarks, QStringLiteral("\n"));
    if (column == CodeColumn && cases::isUnverified(e))
        return QStringLiteral("%1\n%2").arg(display(e, column).toString(),
                                            toText(examine::kUnverifiedMeaning));
    if (column == FileColumn || column == PictureColumn) {
        const QString path = toText(e.originalPath);
        return e.remarks.empty() ? path
                                 : path + QLatin1Char('\n') + remarksText(e.remarks, QStringLiteral("\n"));
    }
    return display(e, column);
}

QVariant ExhibitModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const cases::Exhibit& e = exhibit(index.row());
    const int column = index.column();
    switch (role) {
        case Qt::DisplayRole:
            return display(e, column);
        case Qt::EditRole:  // what is copied
            if (column == HashColumn) return toText(e.sha256);
            return isNumber(column) ? plainNumber(display(e, column).toString()) : display(e, column);
        case Qt::DecorationRole:
            return decoration(e, column);
        case Qt::ToolTipRole:
            return toolTip(e, column);
        case Qt::TextAlignmentRole:
            return int(Qt::AlignVCenter | (isNumber(column) ? Qt::AlignRight : Qt::AlignLeft));
        case Qt::FontRole: {
            static const QFont kFixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
            return column == CodeColumn || column == HashColumn ? QVariant(kFixed) : QVariant();
        }
        case Qt::AccessibleTextRole:
            return column == PictureColumn ? tr("Picture of exhibit %1").arg(e.id)
                   : column == HashColumn  ? toText(e.sha256)
                                           : display(e, column).toString();
        default:
            return {};
    }
}

QVariant ExhibitModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (isNumber(section) ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::ToolTipRole && section == ScoreColumn)
        return tr(
            "Presence score of the model named beside it, as a logit; scores of different models cannot be "
            "compared. Keyed signatures have a p-value instead");
    if (role == Qt::ToolTipRole && section == PValueColumn)
        return tr(
            "Logarithm of the p-value of a keyed signature: that a picture which knows nothing of the key "
            "fits as well. The more negative, the less likely by chance");
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case NumberColumn:
            return tr("No.");
        case FileColumn:
            return tr("File");
        case StateColumn:
            return tr("State");
        case PresenceColumn:
            return tr("Presence");
        case ModelColumn:
            return tr("Model");
        case ScoreColumn:
            return tr("Score (logit)");
        case PValueColumn:
            return tr("log10 p");
        case CodeColumn:
            return tr("Code");
        case HolderColumn:
            return tr("Holder");
        case RemarksColumn:
            return tr("Conflicts, warnings");
        case TagsColumn:
            return tr("Tags");
        case HashColumn:
            return tr("SHA-256");
        default:
            return {};
    }
}

}  // namespace signet::ui
