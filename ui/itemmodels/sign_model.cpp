#include "ui/itemmodels/sign_model.h"

#include <QIcon>
#include <algorithm>
#include <cmath>
#include <utility>

#include "core/examine/findings.h"
#include "ui/bridge/text.h"
#include "ui/style/icons.h"

namespace signet::ui {

namespace {

bool isSignNumber(int column) {
    return column == SignModel::PsnrColumn || column == SignModel::VisibleColumn;
}

}  // namespace

QString verificationText(const SignModel::Row& row) {
    if (!row.record) return {};
    if (row.record->error) return QObject::tr("error");
    return row.record->verified ? QObject::tr("verified") : QObject::tr("not verified");
}

SignModel::SignModel(QObject* parent) : QAbstractTableModel(parent) {}

int SignModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int SignModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant SignModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) {
        return int(Qt::AlignVCenter | (isSignNumber(section) ? Qt::AlignRight : Qt::AlignLeft));
    }
    if (role == Qt::ToolTipRole && section == VisibleColumn) {
        return tr(
            "Visible difference: CIEDE2000 after the eye's low-pass that 99 % of the image stay within; from "
            "about 1 it can be seen");
    }
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case FileColumn:
            return tr("File");
        case StateColumn:
            return tr("State");
        case VerificationColumn:
            return tr("Verification");
        case PsnrColumn:
            return tr("PSNR (dB)");
        case VisibleColumn:
            return tr("Visible");
        case CodeColumn:
            return tr("Code");
        case KeyColumn:
            return tr("Key");
        case OutputColumn:
            return tr("Signed copy");
        case NoteColumn:
            return tr("Note");
        default:
            return {};
    }
}

QString SignModel::display(const Row& row, int column) const {
    const examine::SignRecord* record = row.record.get();
    switch (column) {
        case FileColumn:
            return fileName(row.path);
        case StateColumn:
            if (row.asked) return stateText(row.state);
            return row.carriesSignature() ? tr("signed already") : tr("ready");
        case VerificationColumn:
            return verificationText(row);
        case PsnrColumn:
            return record && !record->error && std::isfinite(record->psnrDb)
                       ? QString::number(record->psnrDb, 'f', 1)
                       : QString();
        case VisibleColumn:
            return record && !record->error ? QString::number(record->visible.p99, 'f', 1) : QString();
        case CodeColumn:
            return record && !record->error ? toText(record->codeHex) : QString();
        case KeyColumn:
            return record && !record->error ? keyText(record->keyFingerprint) : QString();
        case OutputColumn:
            return record && !record->error ? toText(record->output) : QString();
        case NoteColumn: {
            if (!record && row.carriesSignature())
                return row.look->code ? tr("carries a signature already, code %1")
                                            .arg(toText(examine::codeText(*row.look->code)))
                                      : tr("carries a signature already");
            if (!record) return {};
            if (record->error) return sentence(record->error->message);
            QStringList notes;
            if (record->alreadySigned) {
                notes << (record->codeBefore && record->codeBefore->bits > 1
                              ? tr("carried a signature before, code %1")
                                    .arg(toText(examine::codeText(*record->codeBefore)))
                              : tr("carried a signature before"));
            }
            for (const std::string& warning : record->warnings) notes << toText(warning);
            return notes.join(QStringLiteral("; "));
        }
        default:
            return {};
    }
}

QString SignModel::keyText(const std::string& fingerprint) const {
    const auto key = std::find_if(m_keys.begin(), m_keys.end(),
                                  [&](const HeldKey& held) { return held.fingerprint == fingerprint; });
    return toText(key == m_keys.end() ? fingerprint : key->name);
}

QVariant SignModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole:
            return display(row, index.column());
        case Qt::ToolTipRole: {
            if (index.column() == KeyColumn && row.record && !row.record->keyFingerprint.empty())
                return tr("%1, fingerprint %2")
                    .arg(display(row, KeyColumn), toText(row.record->keyFingerprint));
            return index.column() == FileColumn ? toText(row.path) : display(row, index.column());
        }
        case Qt::TextAlignmentRole:
            return int(Qt::AlignVCenter | (isSignNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft));
        case Qt::DecorationRole: {
            const QString icon = data(index, StateIconRole).toString();
            return icon.isEmpty() ? QVariant() : QVariant(themedIcon(icon));
        }
        case StateRole:
            return static_cast<int>(row.state);
        case StateIconRole:
            if (index.column() == StateColumn && !row.asked && row.carriesSignature())
                return QStringLiteral("present");
            if (index.column() != VerificationColumn || !row.record) return {};
            if (row.record->error) return QStringLiteral("error");
            return row.record->verified ? QStringLiteral("verified") : QStringLiteral("unverified");
        default:
            return {};
    }
}

int SignModel::append(const std::vector<std::filesystem::path>& files) {
    const int first = rowCount();
    if (files.empty()) return first;
    beginInsertRows({}, first, first + static_cast<int>(files.size()) - 1);
    for (const auto& file : files) m_rows.push_back({0, file, ItemState::Waiting, false, nullptr, {}});
    endInsertRows();
    return first;
}

int SignModel::rowOfJob(quint64 job) const {
    if (job == 0) return -1;
    const auto at =
        std::find_if(m_rows.begin(), m_rows.end(), [job](const Row& row) { return row.job == job; });
    return at == m_rows.end() ? -1 : static_cast<int>(at - m_rows.begin());
}

void SignModel::touch(int row) {
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void SignModel::setJob(int row, quint64 job) {
    Row& item = m_rows[static_cast<std::size_t>(row)];
    item.job = job;
    item.asked = true;
    item.state = ItemState::Waiting;
    item.record = nullptr;
    touch(row);
}

void SignModel::jobStarted(quint64 job) {
    const int row = rowOfJob(job);
    if (row < 0) return;
    m_rows[static_cast<std::size_t>(row)].state = ItemState::Examining;
    touch(row);
}

void SignModel::jobFinished(quint64 job, const SignRecordPtr& record) {
    const int row = rowOfJob(job);
    if (row < 0) return;
    Row& item = m_rows[static_cast<std::size_t>(row)];
    item.job = 0;
    item.record = record;
    item.state = record->error ? ItemState::Failed : ItemState::Done;
    touch(row);
}

void SignModel::jobCancelled(quint64 job) {
    const int row = rowOfJob(job);
    if (row < 0) return;
    Row& item = m_rows[static_cast<std::size_t>(row)];
    item.job = 0;
    item.state = ItemState::Cancelled;
    touch(row);
}

void SignModel::setLook(const SignatureLook& look) {
    for (int row = 0; row < rowCount(); ++row) {
        if (m_rows[static_cast<std::size_t>(row)].path != look.path) continue;
        m_rows[static_cast<std::size_t>(row)].look = look;
        touch(row);
    }
}

void SignModel::setKeys(std::vector<HeldKey> keys) {
    m_keys = std::move(keys);
    for (int row = 0; row < rowCount(); ++row) touch(row);
}

void SignModel::clearLooks() {
    for (int row = 0; row < rowCount(); ++row) {
        if (std::exchange(m_rows[static_cast<std::size_t>(row)].look, std::nullopt)) touch(row);
    }
}

std::vector<SignModel::Taken> SignModel::takeRows(std::vector<int> rows) {
    std::sort(rows.begin(), rows.end());
    std::vector<Taken> taken;
    taken.reserve(rows.size());
    for (const int row : rows) taken.push_back({row, m_rows[static_cast<std::size_t>(row)]});
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        beginRemoveRows({}, *row, *row);
        m_rows.erase(m_rows.begin() + *row);
        endRemoveRows();
    }
    return taken;
}

void SignModel::restore(const std::vector<Taken>& taken) {
    for (const Taken& item : taken) {
        beginInsertRows({}, item.at, item.at);
        m_rows.insert(m_rows.begin() + item.at, item.row);
        endInsertRows();
    }
}

int SignModel::count(ItemState state) const {
    return static_cast<int>(
        std::count_if(m_rows.begin(), m_rows.end(), [state](const Row& row) { return row.state == state; }));
}

QString SignModel::asText(bool csv) const {
    const auto line = [csv](auto&& cell) {
        QStringList cells;
        for (int column = 0; column < ColumnCount; ++column) cells << cell(column);
        return tableLine(cells, csv);
    };
    QString text =
        line([this](int column) { return headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(); });
    for (const Row& row : m_rows) text += line([&](int column) { return display(row, column); });
    return text;
}

}  // namespace signet::ui
