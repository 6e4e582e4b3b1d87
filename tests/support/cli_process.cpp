#include "support/cli_process.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QMap>
#include <cstdio>

namespace signet::test {
namespace {

constexpr int kCapDacOverride = 1;
constexpr int kCapDacReadSearch = 2;

QList<QByteArray> lines(const QByteArray& text) {
    QList<QByteArray> all = text.split('\n');
    if (!all.isEmpty() && all.last().isEmpty()) all.removeLast();
    return all;
}

QProcessEnvironment environmentFor(const RunOptions& options) {
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove("DISPLAY");
    environment.remove("WAYLAND_DISPLAY");
    environment.insert("QT_QPA_PLATFORM", "no-such-platform");
    for (const auto& [name, value] : options.environment) {
        if (value.isEmpty())
            environment.remove(name);
        else
            environment.insert(name, value);
    }
    return environment;
}

}  // namespace

QList<QJsonObject> Run::records() const {
    QList<QJsonObject> objects;
    for (const QByteArray& line : lines(out)) objects.append(QJsonDocument::fromJson(line).object());
    return objects;
}

bool Run::allJson() const {
    for (const QByteArray& line : lines(out))
        if (!QJsonDocument::fromJson(line).isObject()) return false;
    return out.isEmpty() || out.endsWith('\n');
}

QJsonObject recordOf(const Run& run, const QString& path) {
    for (const QJsonObject& record : run.records())
        if (record.value("path").toString() == path) return record;
    return {};
}

QString errorCode(const QJsonObject& record) {
    return record.value("error").toObject().value("code").toString();
}

Run runSignet(const QStringList& arguments, const RunOptions& options) {
    QProcess process;
    process.setProcessEnvironment(environmentFor(options));
    process.setStandardInputFile(QProcess::nullDevice());
    if (!options.workingFolder.isEmpty()) process.setWorkingDirectory(options.workingFolder);
    if (!options.stdoutFile.isEmpty()) process.setStandardOutputFile(options.stdoutFile, QIODevice::Append);
    if (options.inChild) process.setChildProcessModifier(options.inChild);
    process.start(options.program.isEmpty() ? qEnvironmentVariable("SIGNET_BINARY") : options.program,
                  arguments);
    if (!process.waitForStarted())
        qFatal("%s cannot be started: %s", qPrintable(process.program()), qPrintable(process.errorString()));

    Run run;
    QElapsedTimer spent;
    spent.start();
    const auto left = [&] { return std::max<int>(1, options.timeoutMs - static_cast<int>(spent.elapsed())); };
    if (options.onFirstOutput && process.waitForReadyRead(left())) options.onFirstOutput(process);
    const bool ended = process.waitForFinished(left());
    if (!ended) {
        process.kill();
        process.waitForFinished();
    }
    run.out = process.readAllStandardOutput();
    run.err = process.readAllStandardError();
    if (ended && process.exitStatus() == QProcess::NormalExit) run.status = process.exitCode();
    return run;
}

void dropRootsFileRights() {
    prctl(PR_CAPBSET_DROP, kCapDacOverride, 0, 0,
          0);  // takes effect at exec; refused and needless for others
    prctl(PR_CAPBSET_DROP, kCapDacReadSearch, 0, 0, 0);
}

std::function<void()> mountSmallDisk(const QString& folder, int bytes) {
    const QByteArray where = folder.toLocal8Bit();
    const QByteArray size = "size=" + QByteArray::number(bytes);
    return [where, size] {
        const int flags = geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS;
        const bool ready = unshare(flags) == 0 &&
                           mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                           mount("tmpfs", where.constData(), "tmpfs", 0, size.constData()) == 0;
        if (!ready) _exit(kNoMount);
    };
}

QString sourceFolder() {
    return qEnvironmentVariable("SIGNET_SOURCE_DIR");
}

QStringList sampleImages() {
    QStringList paths;
    const QDir folder(sourceFolder() + "/resources/samples");
    for (const char* name : {"chelsea.png", "coffee.png", "rocket.jpg"}) paths.append(folder.filePath(name));
    return paths;
}

QString sharedData() {
    const QDir folder(sourceFolder() + "/../shared/data");
    return folder.exists() ? folder.canonicalPath() : QString();
}

QStringList defaultModels() {
    QStringList names;
    const Run run = runSignet({"model", "list", "--json"});
    if (run.status != 0) qFatal("signet model list failed: %s", run.err.constData());
    for (const QJsonObject& record : run.records())
        if (record.value("kind") == QStringLiteral("signature") && record.value("validated").toBool() &&
            !record.contains("superseded_by"))
            names.append(record.value("name").toString());
    return names;
}

QMap<QString, QByteArray> hashesUnder(const QString& folder) {
    QMap<QString, QByteArray> hashes;
    for (QDirIterator it(folder, QDir::Files, QDirIterator::Subdirectories); it.hasNext();) {
        QFile file(it.next());
        QCryptographicHash hash(QCryptographicHash::Sha256);
        if (file.open(QIODevice::ReadOnly)) hash.addData(&file);
        hashes.insert(file.fileName(), hash.result());
    }
    return hashes;
}

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool copyFolder(const QString& from, const QString& to) {
    const QDir source(from);
    for (QDirIterator it(from, QDir::Files, QDirIterator::Subdirectories); it.hasNext();) {
        const QString path = it.next();
        const QString target = to + "/" + source.relativeFilePath(path);
        if (!QDir().mkpath(QFileInfo(target).path()) || !QFile::copy(path, target)) return false;
        QFile::setPermissions(target, QFile::ReadOwner | QFile::WriteOwner);
    }
    return true;
}

}  // namespace signet::test
