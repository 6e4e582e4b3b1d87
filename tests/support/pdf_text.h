#pragma once

#include <QProcess>
#include <QRegularExpression>
#include <QStringList>

namespace signet::test {

/// What a program of poppler-utils prints.
inline QByteArray runTool(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(120'000) || process.exitCode() != 0)
        qFatal("%s failed: %s", qPrintable(program), process.readAllStandardError().constData());
    return process.readAllStandardOutput();
}

/// The text of each page as pdftotext reads it back; mode "-layout" as it stands on the page, "-raw" in the
/// order it was written.
inline QStringList pagesOf(const QString& pdf, const QString& mode = QStringLiteral("-layout")) {
    QStringList pages = QString::fromUtf8(runTool("pdftotext", {mode, pdf, "-"})).split('\f');
    if (!pages.isEmpty() && pages.last().trimmed().isEmpty()) pages.removeLast();
    return pages;
}

/// Without the line breaks and blanks that columns bring in.
inline QString squeezed(const QString& text) {
    QString out = text;
    static const QRegularExpression kBlank("\\s+");
    return out.remove(kBlank);
}

}  // namespace signet::test
