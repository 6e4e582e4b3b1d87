#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <functional>

namespace signet::test {

/// What one run of the built program left behind.
struct Run {
    int status = -1;  ///< exit status; -1 when it crashed or did not end in time
    QByteArray out;
    QByteArray err;

    /// stdout as one JSON object a line; allJson says whether every line was one.
    QList<QJsonObject> records() const;
    bool allJson() const;
};

/// The record about this file, empty where there is none; and the code of a record's error.
QJsonObject recordOf(const Run& run, const QString& path);
QString errorCode(const QJsonObject& record);

struct RunOptions {
    int timeoutMs = 120'000;
    QString program;  ///< empty: build/bin/signet
    QString workingFolder;
    QString stdoutFile;                            ///< not empty: stdout goes there, Run::out stays empty
    QList<QPair<QString, QString>> environment;    ///< added; an empty value removes the variable
    std::function<void()> inChild;                 ///< runs in the child before the program starts
    std::function<void(QProcess&)> onFirstOutput;  ///< called once, at the first bytes on stdout
};

/// Runs build/bin/signet (SIGNET_BINARY) without a terminal, a display or a usable Qt platform: a subcommand
/// needs none. Stdin is empty.
Run runSignet(const QStringList& arguments, const RunOptions& options = {});

/// Takes from the child the right of root to pass over file permissions, so that tests mean the same for
/// root.
void dropRootsFileRights();

/// A tmpfs of this many bytes over folder, seen by the child only; ends it with kNoMount where that is
/// refused.
std::function<void()> mountSmallDisk(const QString& folder, int bytes);
inline constexpr int kNoMount = 77;

/// The checkout (SIGNET_SOURCE_DIR) and the photographs it ships.
QString sourceFolder();
QStringList sampleImages();

/// ../shared/data beside the checkout, empty where it is absent.
QString sharedData();

/// Names of the models that examine by default, through `signet model list`.
QStringList defaultModels();

/// SHA-256 of each file under folder, by path.
QMap<QString, QByteArray> hashesUnder(const QString& folder);

/// All of a file, empty where it cannot be read.
QByteArray contents(const QString& path);

/// Copies a folder with what is in it.
bool copyFolder(const QString& from, const QString& to);

}  // namespace signet::test
