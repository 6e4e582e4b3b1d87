#include "ui/itemmodels/run_list_model.h"

#include <QDateTime>
#include <QLocale>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/style/icons.h"

namespace signet::ui {
namespace {

using jobs::JobState;
using training::RunState;

bool isRunNumber(int column) {
    return column == RunListModel::StepColumn || column == RunListModel::BestColumn;
}

}  // namespace

QString runStateText(const RunEntry& run) {
    if (!run.problem.empty()) return QObject::tr("unreadable");
    if (run.job) {
        switch (run.job->state) {
            case JobState::Queued:
                return QObject::tr("in the queue");
            case JobState::Running:
                return QObject::tr("running");
            case JobState::Pausing:
                return QObject::tr("pausing");
            case JobState::Paused:
                return run.job->message.empty() ? QObject::tr("paused") : QObject::tr("waiting for help");
            case JobState::Stopping:
                return QObject::tr("finishing");
            default:
                break;
        }
    }
    switch (run.record.state) {
        case RunState::Queued:
            return QObject::tr("not started");
        case RunState::Running:
            return QObject::tr("running elsewhere");
        case RunState::Paused:
            return QObject::tr("paused elsewhere");
        case RunState::Stopped:
            return QObject::tr("stopped");
        case RunState::Finished:
            return QObject::tr("finished");
        case RunState::Failed:
            return QObject::tr("failed");
        case RunState::Interrupted:
            return QObject::tr("interrupted");
    }
    return {};
}

QString runStateIcon(const RunEntry& run) {
    if (!run.problem.empty()) return QStringLiteral("error");
    if (run.job) {
        if (run.job->state == JobState::Queued) return QStringLiteral("waiting");
        if (run.job->state == JobState::Paused || run.job->state == JobState::Pausing)
            return QStringLiteral("pause");
        return QStringLiteral("examining");
    }
    switch (run.record.state) {
        case RunState::Queued:
            return QStringLiteral("waiting");
        case RunState::Running:
            return QStringLiteral("examining");
        case RunState::Paused:
            return QStringLiteral("pause");
        case RunState::Stopped:
            return QStringLiteral("stop");
        case RunState::Finished:
            return QStringLiteral("verified");
        case RunState::Failed:
        case RunState::Interrupted:
            return QStringLiteral("error");
    }
    return {};
}

RunListModel::RunListModel(QObject* parent) : QAbstractTableModel(parent) {}

void RunListModel::setRuns(const std::vector<RunEntry>& runs) {
    const auto isIn = [](const std::vector<RunEntry>& list, const RunEntry& run) {
        return std::any_of(list.begin(), list.end(),
                           [&](const RunEntry& r) { return r.folder == run.folder; });
    };
    for (int row = rowCount() - 1; row >= 0; --row) {
        if (isIn(runs, m_runs[static_cast<std::size_t>(row)])) continue;
        beginRemoveRows({}, row, row);
        m_runs.erase(m_runs.begin() + row);
        endRemoveRows();
    }
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (isIn(m_runs, runs[i])) continue;
        const auto at = std::min(i, m_runs.size());
        beginInsertRows({}, static_cast<int>(at), static_cast<int>(at));
        m_runs.insert(m_runs.begin() + static_cast<std::ptrdiff_t>(at), runs[i]);
        endInsertRows();
    }
    for (RunEntry& known : m_runs) {
        known = *std::find_if(runs.begin(), runs.end(),
                              [&](const RunEntry& r) { return r.folder == known.folder; });
    }
    if (!m_runs.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

const RunEntry* RunListModel::run(int row) const {
    return row >= 0 && row < rowCount() ? &m_runs[static_cast<std::size_t>(row)] : nullptr;
}

int RunListModel::rowOf(const std::filesystem::path& folder) const {
    for (int row = 0; row < rowCount(); ++row) {
        if (m_runs[static_cast<std::size_t>(row)].folder == folder) return row;
    }
    return -1;
}

int RunListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_runs.size());
}

int RunListModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RunListModel::display(const RunEntry& run, int column) const {
    static const QLocale kPlain(QLocale::English, QLocale::UnitedStates);
    const auto& record = run.record;
    switch (column) {
        case NameColumn:
            if (!run.notes.name.empty()) return toText(run.notes.name);
            return toText(record.name.empty() ? run.folder.filename().string() : record.name);
        case StateColumn:
            return runStateText(run);
        case StepColumn:
            return record.steps == 0
                       ? QString()
                       : QStringLiteral("%1 / %2").arg(kPlain.toString(qulonglong(run.step())),
                                                       kPlain.toString(qulonglong(record.steps)));
        case BestColumn:
            return record.bestScore ? QString::number(*record.bestScore, 'f', 2) : QString();
        case CreatedColumn: {
            const auto created =
                QDateTime::fromString(toText(record.createdUtc), Qt::ISODateWithMs).toLocalTime();
            return created.isValid() ? created.toString(QStringLiteral("yyyy-MM-dd HH:mm")) : QString();
        }
        default:
            return {};
    }
}

QVariant RunListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const RunEntry& run = m_runs[static_cast<std::size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole:
            return display(run, index.column());
        case Qt::TextAlignmentRole:
            return int(Qt::AlignVCenter | (isRunNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft));
        case Qt::DecorationRole:
            return index.column() == NameColumn ? QVariant(themedIcon(runStateIcon(run))) : QVariant();
        case Qt::ToolTipRole: {
            QStringList lines{fromPath(run.folder), runStateText(run)};
            if (!run.notes.note.empty()) lines << toText(run.notes.note);
            const std::string& message =
                run.job && !run.job->message.empty() ? run.job->message : run.record.message;
            if (!message.empty()) lines << sentence(message);
            if (!run.problem.empty()) lines << sentence(run.problem);
            return lines.join(QLatin1Char('\n'));
        }
        case Qt::AccessibleTextRole:
            return index.column() == NameColumn
                       ? QStringLiteral("%1, %2").arg(display(run, NameColumn).toString(), runStateText(run))
                       : display(run, index.column());
        default:
            return {};
    }
}

QVariant RunListModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (isRunNumber(section) ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::ToolTipRole && section == BestColumn)
        return tr("Best validation: mean PSNR in dB, less 1 dB for each per cent of wrong answers");
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case NameColumn:
            return tr("Run");
        case StateColumn:
            return tr("State");
        case StepColumn:
            return tr("Step");
        case BestColumn:
            return tr("Best (dB)");
        case CreatedColumn:
            return tr("Created");
        default:
            return {};
    }
}

}  // namespace signet::ui
