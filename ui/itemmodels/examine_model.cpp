#include "ui/itemmodels/examine_model.h"

#include <QRegularExpression>
#include <algorithm>

#include "core/examine/claim.h"
#include "core/examine/findings.h"
#include "ui/bridge/text.h"
#include "ui/itemmodels/keyed_text.h"

namespace signet::ui {

QString stateText(ItemState state) {
    switch (state) {
        case ItemState::Waiting:
            return QObject::tr("waiting");
        case ItemState::Examining:
            return QObject::tr("examining");
        case ItemState::Done:
            return QObject::tr("done");
        case ItemState::Failed:
            return QObject::tr("failed");
        case ItemState::Cancelled:
            return QObject::tr("cancelled");
    }
    return {};
}

QString stateIcon(ItemState state) {
    switch (state) {
        case ItemState::Waiting:
            return QStringLiteral("waiting");
        case ItemState::Examining:
            return QStringLiteral("examining");
        case ItemState::Done:
            return QStringLiteral("absent");
        case ItemState::Failed:
            return QStringLiteral("error");
        case ItemState::Cancelled:
            return QStringLiteral("cancel");
    }
    return {};
}

QString resultText(const examine::Record& record) {
    if (record.error) return sentence(record.error->message);
    const examine::Finding* finding = examine::leadingFinding(record.findings);
    if (!finding) return QObject::tr("no model answered");
    QString text = toText(examine::answerOf(*finding));
    if (finding->code && finding->code->bits > 1)
        text += QObject::tr(" · code %1").arg(codeText(*finding));
    else if (const QString none = codeText(*finding); finding->keyed && !none.isEmpty() && none != text)
        text += QStringLiteral(" · ") + none;
    return text;
}

ExamineModel::ExamineModel(MediaService& media, QObject* parent)
    : QAbstractTableModel(parent), m_thumbnails(new Thumbnails(media, this)) {
    connect(m_thumbnails, &Thumbnails::changed, this, [this](quint64 key) {
        const auto row = m_rowOfKey.find(key);
        if (row == m_rowOfKey.end()) return;
        const QModelIndex at = index(row->second, FileColumn);
        Q_EMIT dataChanged(at, at, {ThumbnailRole});
    });
}

NamedFile ExamineModel::Row::file() const {
    NamedFile named(path, name, sha256);
    named.frame = frame;
    return named;
}

int ExamineModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ExamineModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ExamineModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case FileColumn:
            return tr("File");
        case StateColumn:
            return tr("State");
        case PresenceColumn:
            return tr("Presence");
        case CodeColumn:
            return tr("Code");
        case ModelColumn:
            return tr("Model");
        case ScoreColumn:
            return tr("Score (logit)");
        case PValueColumn:
            return tr("log10 p");
        case NoteColumn:
            return tr("Note");
        case PathColumn:
            return tr("Path");
        default:
            return {};
    }
}

QString ExamineModel::remarks(const Row& row) {
    return row.record && !row.record->error
               ? remarksText(examine::remarksOf(*row.record), QStringLiteral("\n"))
               : QString();
}

QVariant ExamineModel::display(const Row& row, int column) const {
    const examine::Finding* finding = row.record ? examine::leadingFinding(row.record->findings) : nullptr;
    switch (column) {
        case FileColumn:
            return row.file().shown();
        case StateColumn:
            return stateText(row.state);
        case PresenceColumn:
            return finding ? toText(examine::answerOf(*finding)) : QString();
        case CodeColumn:
            return finding ? codeText(*finding) : QString();
        case ModelColumn:
            return finding ? toText(finding->model) : QString();
        case ScoreColumn:
            return finding && !finding->keyed ? logitText(finding->scoreLogit) : QString();
        case PValueColumn:
            return finding && finding->keyed ? log10Text(finding->keyed->log10P) : QString();
        case NoteColumn: {
            if (!row.record) return QString();
            if (row.record->error) return sentence(row.record->error->message);
            return remarksText(examine::remarksOf(*row.record), QStringLiteral("; "));
        }
        case PathColumn:
            return toText(row.path);
        default:
            return {};
    }
}

QVariant ExamineModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const QString result = row.record ? resultText(*row.record) : stateText(row.state);
    switch (role) {
        case Qt::DisplayRole:
            return display(row, index.column());
        case Qt::ToolTipRole:
            return QStringList{toText(row.path), result, remarks(row)}
                .filter(QRegularExpression(QStringLiteral(".")))
                .join(QLatin1Char('\n'));
        case Qt::AccessibleTextRole:
            return index.column() == FileColumn
                       ? QStringList{row.file().shown(), stateText(row.state), result, remarks(row)}
                             .filter(QRegularExpression(QStringLiteral(".")))
                             .join(QStringLiteral(", "))
                       : display(row, index.column());
        case StateRole:
            return static_cast<int>(row.state);
        case ResultRole:
            return result;
        case CodeRole: {
            const examine::Finding* finding =
                row.record ? examine::leadingFinding(row.record->findings) : nullptr;
            return finding ? codeText(*finding) : QString();
        }
        case RemarksRole:
            return remarks(row);
        case PresenceRole: {
            const examine::Finding* finding =
                row.record ? examine::leadingFinding(row.record->findings) : nullptr;
            return finding ? QVariant(static_cast<int>(finding->presence)) : QVariant();
        }
        case ThumbnailRole: {
            const QPixmap* thumbnail = m_thumbnails->of(row.key, row.path, row.frame);
            return thumbnail != nullptr ? *thumbnail : QVariant();
        }
        default:
            return {};
    }
}

int ExamineModel::append(const std::vector<std::filesystem::path>& files) {
    const int first = rowCount();
    if (files.empty()) return first;
    beginInsertRows({}, first, first + static_cast<int>(files.size()) - 1);
    m_rows.reserve(m_rows.size() + files.size());
    for (const auto& file : files) {
        m_rowOfKey[m_nextKey] = static_cast<int>(m_rows.size());
        m_rows.push_back({m_nextKey++, 0, file, {}, {}, 1, ItemState::Waiting, nullptr});
    }
    m_counts[static_cast<std::size_t>(ItemState::Waiting)] += static_cast<int>(files.size());
    endInsertRows();
    return first;
}

std::vector<int> ExamineModel::appendFurther(int row) {
    const Row from = m_rows[static_cast<std::size_t>(row)];
    std::vector<int> added;
    const int frames = from.record ? from.record->decode.frames : 1;
    for (NamedFile file(from.path); file.frame <= frames; ++file.frame) {
        if (file.frame == from.frame || rowOf(file) >= 0) continue;
        added.push_back(append({from.path}));
        setFile(added.back(), file);
    }
    return added;
}

int ExamineModel::rowOf(const NamedFile& file) const {
    int unnamed = -1;
    for (int at = 0; at < rowCount(); ++at) {
        if (row(at).path != file.path || row(at).frame != file.frame) continue;
        if (row(at).name == file.name) return at;
        if (row(at).name.isEmpty() && unnamed < 0) unnamed = at;
    }
    return unnamed;
}

void ExamineModel::setFile(int row, const NamedFile& file) {
    Row& item = m_rows[static_cast<std::size_t>(row)];
    item.name = file.name;
    item.sha256 = file.sha256;
    item.frame = file.frame;
    touch(row);
}

void ExamineModel::touch(int row) {
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void ExamineModel::setState(Row& row, ItemState state) {
    --m_counts[static_cast<std::size_t>(row.state)];
    row.state = state;
    ++m_counts[static_cast<std::size_t>(state)];
}

void ExamineModel::reindex(int from) {
    for (int i = from; i < rowCount(); ++i) m_rowOfKey[m_rows[static_cast<std::size_t>(i)].key] = i;
}

void ExamineModel::setJob(int row, quint64 job) {
    Row& item = m_rows[static_cast<std::size_t>(row)];
    m_keyOfJob.erase(item.job);
    item.job = job;
    setState(item, ItemState::Waiting);
    item.record = nullptr;
    m_keyOfJob[job] = item.key;
    touch(row);
}

int ExamineModel::rowOfJob(quint64 job) const {
    const auto key = m_keyOfJob.find(job);
    if (key == m_keyOfJob.end()) return -1;
    const auto row = m_rowOfKey.find(key->second);
    return row == m_rowOfKey.end() ? -1 : row->second;
}

void ExamineModel::jobStarted(quint64 job) {
    const int row = rowOfJob(job);
    if (row < 0) return;
    setState(m_rows[static_cast<std::size_t>(row)], ItemState::Examining);
    touch(row);
}

void ExamineModel::jobFinished(quint64 job, const RecordPtr& record) {
    const int row = rowOfJob(job);
    m_keyOfJob.erase(job);
    if (row < 0) return;
    Row& item = m_rows[static_cast<std::size_t>(row)];
    item.job = 0;
    item.record = record;
    setState(item, record->error ? ItemState::Failed : ItemState::Done);
    touch(row);
}

void ExamineModel::jobCancelled(quint64 job) {
    const int row = rowOfJob(job);
    m_keyOfJob.erase(job);
    if (row < 0) return;
    Row& item = m_rows[static_cast<std::size_t>(row)];
    item.job = 0;
    setState(item, ItemState::Cancelled);
    touch(row);
}

std::vector<ExamineModel::Taken> ExamineModel::takeRows(std::vector<int> rows) {
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    std::vector<Taken> taken;
    taken.reserve(rows.size());
    for (const int row : rows) taken.push_back({row, m_rows[static_cast<std::size_t>(row)]});
    // contiguous runs from the bottom, so that 100,000 rows go in one step
    for (auto last = rows.rbegin(); last != rows.rend();) {
        auto first = last;
        while (std::next(first) != rows.rend() && *std::next(first) == *first - 1) ++first;
        beginRemoveRows({}, *first, *last);
        for (int i = *first; i <= *last; ++i) {
            const Row& gone = m_rows[static_cast<std::size_t>(i)];
            m_rowOfKey.erase(gone.key);
            --m_counts[static_cast<std::size_t>(gone.state)];
        }
        m_rows.erase(m_rows.begin() + *first, m_rows.begin() + *last + 1);
        reindex(*first);
        endRemoveRows();
        last = std::next(first);
    }
    return taken;
}

void ExamineModel::restore(const std::vector<Taken>& taken) {
    for (std::size_t i = 0; i < taken.size();) {
        std::size_t end = i + 1;
        while (end < taken.size() && taken[end].at == taken[end - 1].at + 1) ++end;
        const int at = taken[i].at;
        beginInsertRows({}, at, at + static_cast<int>(end - i) - 1);
        std::vector<Row> rows;
        for (std::size_t j = i; j < end; ++j) {
            rows.push_back(taken[j].row);
            ++m_counts[static_cast<std::size_t>(taken[j].row.state)];
        }
        m_rows.insert(m_rows.begin() + at, rows.begin(), rows.end());
        reindex(at);
        endInsertRows();
        i = end;
    }
}

QString ExamineModel::asText(const std::vector<int>& rows, bool csv) const {
    const auto line = [csv](auto&& cell) {
        QStringList cells;
        for (int column = 0; column < ColumnCount; ++column) cells << cell(column);
        return tableLine(cells, csv);
    };
    QString text =
        line([this](int column) { return headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(); });
    for (const int row : rows) {
        text += line([&](int column) {
            const QString value = display(m_rows[static_cast<std::size_t>(row)], column).toString();
            return column == ScoreColumn || column == PValueColumn ? plainNumber(value) : value;
        });
    }
    return text;
}

}  // namespace signet::ui
