#include "ui/cases/case_text.h"

#include <QObject>
#include <algorithm>
#include <set>

#include "core/report/report_text.h"
#include "core/report/words.h"
#include "ui/bridge/text.h"

namespace signet::ui {
namespace {

/// One line an item; the rest is counted.
template <typename Items, typename Line>
QString listed(const Items& items, Line&& line) {
    QStringList lines;
    for (const auto& item : items) {
        if (static_cast<std::size_t>(lines.size()) == kListedItems) {
            lines << QObject::tr("and %1 more").arg(items.size() - kListedItems);
            break;
        }
        lines << line(item);
    }
    return lines.join(QLatin1Char('\n'));
}

}  // namespace

QString intakeText(const IntakeSummary& summary) {
    QStringList parts;
    if (summary.added > 0 || summary.known == 0)
        parts << QObject::tr("%1 taken in.").arg(countText(summary.added, "exhibit"));
    if (summary.known > 0)
        parts << QObject::tr("%1 in the case already.").arg(countText(summary.known, "file"));
    if (!summary.failed.empty())
        parts << QObject::tr("%1 could not be taken in.")
                     .arg(countText(static_cast<int>(summary.failed.size()), "file"));
    if (!summary.leftOut.empty()) parts << leftOutText(summary.leftOut);
    if (summary.further > 0)
        parts << QObject::tr("%1 of several pages, pictures or frames: the exhibit is the first; %2 more.")
                     .arg(summary.several.size() == 1
                              ? QObject::tr("1 file is")
                              : QObject::tr("%1 files are").arg(summary.several.size()))
                     .arg(summary.further);
    if (!summary.stoppedBy.empty()) parts << sentence(summary.stoppedBy);
    return parts.join(QLatin1Char(' '));
}

QString intakeDetails(const IntakeSummary& summary) {
    QStringList parts;
    parts << listed(summary.failed,
                    [](const auto& item) {
                        return QStringLiteral("%1: %2").arg(toText(item.path), sentence(item.message));
                    })
          << leftOutDetails(summary.leftOut)
          << listed(summary.several, [](const std::filesystem::path& file) {
                 return QObject::tr("%1: several pages, pictures or frames").arg(toText(file));
             });
    parts.removeAll(QString());
    return parts.join(QLatin1Char('\n'));
}

QString entriesText(int count) {
    return count == 1 ? QObject::tr("1 audit entry")
                      : countText(count, "audit entrie");  // the noun's plural is another word
}

QString verificationText(const cases::Verification& found) {
    const QString scope = QObject::tr("%1, %2 and %3 were compared with the record")
                              .arg(entriesText(static_cast<int>(found.auditEntries)),
                                   countText(static_cast<int>(found.exhibitFiles), "exhibit"),
                                   countText(static_cast<int>(found.artifacts), "evidence map"));
    if (found.ok()) {
        QString text = QObject::tr("Everything is as recorded. %1.").arg(scope);
        if (found.history.empty()) return text;
        return text +
               QObject::tr(" %1 not what was taken in at an earlier check.")
                   .arg(found.history.size() == 1
                            ? QObject::tr("Exhibit %1 was")
                                  .arg(toText(found.history.front().subject).section(QLatin1Char(':'), 1))
                            : QObject::tr("%1 were").arg(
                                  countText(static_cast<int>(found.history.size()), "exhibit")));
    }
    return QObject::tr("%1 not as recorded. %2.")
        .arg(found.problems.size() == 1 ? QObject::tr("1 thing is")
                                        : QObject::tr("%1 things are").arg(found.problems.size()),
             scope);
}

QString verificationDetails(const cases::Verification& found) {
    QString text = listed(found.problems, [](const cases::Problem& problem) {
        return QStringLiteral("%1: %2").arg(toText(report::subjectInWords(problem)),
                                            sentence(problem.message));
    });
    if (!text.isEmpty()) text += QLatin1Char('\n');
    const QString history = listed(found.history, [](const cases::Problem& past) {
        return QStringLiteral("%1 %2").arg(toText(report::subjectInWords(past)), toText(past.message));
    });
    if (!history.isEmpty()) text += history + QLatin1Char('\n');
    if (!found.underWay.empty())
        text +=
            QObject::tr("Not recorded yet, of an intake or examination that goes on or was cut off:\n%1\n")
                .arg(listed(found.underWay, [](const std::string& name) { return toText(name); }));
    return text + QObject::tr("Head of the audit log: %1").arg(toText(found.head));
}

QString integrityText(const std::vector<cases::Finding>& findings) {
    std::set<cases::RowId> exhibits;
    for (const cases::Finding& finding : findings) exhibits.insert(finding.exhibit);
    if (exhibits.empty()) return {};
    return exhibits.size() == 1
               ? QObject::tr("Exhibit %1 is not what was taken in: its file was changed or is missing.")
                     .arg(*exhibits.begin())
               : QObject::tr("%1 are not what was taken in: their files were changed or are missing.")
                     .arg(countText(static_cast<int>(exhibits.size()), "exhibit"));
}

QString integrityDetails(const std::vector<cases::Finding>& findings) {
    return listed(findings, [](const cases::Finding& finding) {
        return QObject::tr("Exhibit %1, found %2: %3")
            .arg(finding.exhibit)
            .arg(localTimeText(finding.createdUtc), sentence(finding.comment));
    });
}

QString workText(const jobs::JobInfo& work, int left) {
    const QString count = QObject::tr("%1 done, %2 left").arg(work.done).arg(left);
    switch (work.state) {
        case jobs::JobState::Queued:
            return QObject::tr("Waiting for the device");
        case jobs::JobState::Pausing:
            return QObject::tr("Pausing after the exhibit at hand · %1").arg(count);
        case jobs::JobState::Paused:
            return QObject::tr("Paused · %1").arg(count);
        case jobs::JobState::Stopping:
            return QObject::tr("Stopping · %1").arg(count);
        default:
            return QStringLiteral("%1 · %2").arg(toText(work.what), count);
    }
}

QString issuedText(const ReportIssued& issued) {
    QString text =
        QObject::tr("Report %1, version %2 (%3), on %4 was saved as %5.")
            .arg(toText(issued.id))
            .arg(issued.entry.version)
            .arg(toText(issued.entry.status), countText(issued.exhibits, "exhibit"), fileName(issued.path));
    text += QLatin1Char(' ') + QObject::tr("SHA-256 %1").arg(toText(issued.entry.sha256));
    if (issued.entry.id == 0)
        text +=
            QLatin1Char(' ') + QObject::tr("The case can only be read: the report is not in its register.");
    if (!issued.problems.empty())
        text += QLatin1Char(' ') + QObject::tr("The verification found problems, which the report states.");
    return text;
}

QString issuedDetails(const ReportIssued& issued) {
    QStringList parts{toText(issued.path)};
    if (!issued.blockers.empty())
        parts << QObject::tr("A final report still needs:")
              << listed(issued.blockers,
                        [](const std::string& line) { return QStringLiteral("– ") + toText(line); });
    if (!issued.problems.empty())
        parts << listed(issued.problems, [](const cases::Problem& problem) {
            return QStringLiteral("%1: %2").arg(toText(report::subjectInWords(problem)),
                                                sentence(problem.message));
        });
    return parts.join(QLatin1Char('\n'));
}

QString exportedText(const CaseExported& exported) {
    const report::ExportResult& result = exported.result;
    QString text = QObject::tr("%1 in %2 (%3) were exported to %4. SHA-256 of its manifest: %5")
                       .arg(countText(result.exhibits, "exhibit"), countText(result.files, "file"),
                            bytesText(static_cast<std::uint64_t>(result.bytes)), fileName(exported.path),
                            toText(result.manifestSha256));
    if (!result.omitted.empty())
        text += QLatin1Char(' ') + QObject::tr("%1 left out, as they are not what was recorded.")
                                       .arg(countText(static_cast<int>(result.omitted.size()), "file"));
    return text;
}

QString exportedDetails(const CaseExported& exported) {
    const QString omitted =
        listed(exported.result.omitted, [](const std::string& line) { return toText(line); });
    return QObject::tr(
               "Hand the hash over by another way than the export itself: with it can be seen that the "
               "export is still what it was (signet case verify %1 --head HASH).")
               .arg(toText(exported.path)) +
           (omitted.isEmpty() ? QString() : QLatin1Char('\n') + omitted);
}

QString localTimeText(const std::string& utc) {
    return toText(report::localTime(utc));
}

bool isDatabase(const QString& location) {
    return location.startsWith(QLatin1String("postgresql://")) ||
           location.startsWith(QLatin1String("postgres://"));
}

cases::Tag tagNamed(const std::string& name, const std::vector<cases::Tag>& known) {
    cases::Tag tag;
    tag.name = name;
    for (const cases::Tag& other : known) {
        if (other.name == name) return other;
    }
    for (char key = '1'; key <= '9' && tag.key.empty(); ++key) {
        const std::string text(1, key);
        if (std::none_of(known.begin(), known.end(), [&](const cases::Tag& t) { return t.key == text; }))
            tag.key = text;
    }
    return tag;
}

}  // namespace signet::ui
