#include "report_fixture.h"

#include <QFile>
#include <utility>

namespace signet::test {

using namespace report;

QByteArray written(const ReportContent& content, const ReportWriter& writer) {
    QByteArray out;
    writer(content,
           [&](std::span<const std::uint8_t> part) {
               out.append(reinterpret_cast<const char*>(part.data()), static_cast<qsizetype>(part.size()));
           },
           {});
    return out;
}

QList<QStringList> parseCsv(const QString& text) {
    QList<QStringList> rows;
    QStringList row;
    QString cell;
    bool quoted = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (quoted) {
            if (c != '"') {
                cell += c;
            } else if (i + 1 < text.size() && text[i + 1] == '"') {
                cell += c;
                ++i;
            } else {
                quoted = false;
            }
        } else if (c == '"') {
            if (!cell.isEmpty()) return {};
            quoted = true;
        } else if (c == ',') {
            row.append(std::exchange(cell, {}));
        } else if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
            row.append(std::exchange(cell, {}));
            rows.append(std::exchange(row, {}));
            ++i;
        } else if (c == '\n' || c == '\r') {
            return {};
        } else {
            cell += c;
        }
    }
    return cell.isEmpty() && row.isEmpty() ? rows : QList<QStringList>();
}

void keep(const char* name, const QByteArray& bytes) {
    const QString folder = qEnvironmentVariable("SIGNET_TEST_OUTPUT");
    QFile file(folder + "/" + name);
    if (!folder.isEmpty() && file.open(QIODevice::WriteOnly)) file.write(bytes);
}

void ReportFolder::threeExhibits() {
    cases::RegisteredCode code;
    code.hex = "4a17c0de";
    code.bits = 32;
    code.model = "photo-code32";
    code.holder = "Press office";
    m_case->store().codes().add(code);
    m_case->addPicture("front.jpg", 1);
    m_case->addPicture("back.png", 2);
    m_case->addPicture("side.jpg", 3);
    m_case->examine(
        {CaseBuilder::finding("photo-code32", 14.5, "5a17c0de"), CaseBuilder::finding("photo-presence", 16)});
    m_case->examine({CaseBuilder::finding("photo-code32", -18.25)});
    m_case->examine({CaseBuilder::finding("photo-code32", 6, "00ff00ff")});
}

ReportContent ReportFolder::collect(const ReportOptions& options) {
    return collectReport(m_case->store(), options, {}, {});
}

cases::IssuedReport ReportFolder::issue(const std::string& name, const ReportOptions& options) {
    return issueReport(m_case->store(), collect(options), at(name), coreWriter(formatOf(name)),
                       IfExists::Refuse, {});
}

}  // namespace signet::test
