#include <map>

#include "core/base/error.h"
#include "core/training/launch.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using training::Launch;
using Variables = std::map<std::string, std::string>;

namespace {

std::optional<Launch> launchOf(const Variables& variables) {
    return training::launchFrom([&](const char* name) -> const char* {
        const auto it = variables.find(name);
        return it == variables.end() ? nullptr : it->second.c_str();
    });
}

QString shown(const std::optional<Launch>& launch) {
    if (!launch) return "alone";
    return QString("%1 %2/%3 local %4 at %5:%6%7 attempt '%8' %9 s")
        .arg(QString::fromStdString(launch->launcher))
        .arg(launch->rank)
        .arg(launch->size)
        .arg(launch->localRank)
        .arg(QString::fromStdString(launch->host))
        .arg(launch->port)
        .arg(launch->storeIsUp ? " kept" : "")
        .arg(QString::fromStdString(launch->attempt))
        .arg(launch->patience.count());
}

}  // namespace

class TestLaunch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatLaunchersSay_data() {
        QTest::addColumn<Variables>("variables");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const Variables& variables, const char* expected) {
            QTest::newRow(name) << variables << QString(expected);
        };
        row("nothing", {}, "alone");
        row("torchrun's agent keeps the store",
            {{"RANK", "3"},
             {"WORLD_SIZE", "4"},
             {"LOCAL_RANK", "1"},
             {"MASTER_ADDR", "node1"},
             {"MASTER_PORT", "29400"},
             {"TORCHELASTIC_USE_AGENT_STORE", "True"},
             {"TORCHELASTIC_RESTART_COUNT", "2"}},
            "torchrun 3/4 local 1 at node1:29400 kept attempt '2' 50 s");
        row("set by hand, other patience",
            {{"RANK", "0"},
             {"WORLD_SIZE", "2"},
             {"MASTER_ADDR", "127.0.0.1"},
             {"MASTER_PORT", "29500"},
             {"SIGNET_RANK_TIMEOUT", "7"}},
            "torchrun 0/2 local 0 at 127.0.0.1:29500 attempt '0' 7 s");
        row("the only rank", {{"RANK", "0"}, {"WORLD_SIZE", "1"}}, "alone");
        row("mpirun on one machine",
            {{"OMPI_COMM_WORLD_RANK", "1"},
             {"OMPI_COMM_WORLD_SIZE", "2"},
             {"OMPI_COMM_WORLD_LOCAL_RANK", "1"},
             {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}},
            "mpirun 1/2 local 1 at 127.0.0.1:29500 attempt '' 50 s");
        row("mpirun on two",
            {{"OMPI_COMM_WORLD_RANK", "1"},
             {"OMPI_COMM_WORLD_SIZE", "2"},
             {"OMPI_COMM_WORLD_LOCAL_SIZE", "1"},
             {"MASTER_ADDR", "head"},
             {"MASTER_PORT", "4000"}},
            "mpirun 1/2 local 1 at head:4000 attempt '' 50 s");
        row("srun",
            {{"SLURM_PROCID", "5"},
             {"SLURM_NTASKS", "9"},
             {"SLURM_STEP_NUM_TASKS", "8"},
             {"SLURM_LOCALID", "1"},
             {"SLURM_STEP_ID", "2"},
             {"SLURM_JOB_ID", "1000"},
             {"SLURM_STEP_NODELIST", "gpu[03-05,9]"}},
            "srun 5/8 local 1 at gpu03:21002 attempt '' 50 s");
        row("a batch script outside srun", {{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "8"}}, "alone");
        row("torchrun within Slurm",
            {{"RANK", "1"},
             {"WORLD_SIZE", "2"},
             {"MASTER_ADDR", "a"},
             {"MASTER_PORT", "1"},
             {"SLURM_PROCID", "0"},
             {"SLURM_STEP_ID", "0"},
             {"SLURM_NTASKS", "1"}},
            "torchrun 1/2 local 1 at a:1 attempt '0' 50 s");
    }
    void whatLaunchersSay() {
        QFETCH(Variables, variables);
        QTEST(shown(launchOf(variables)), "expected");
    }

    void whatIsMissingIsNamed_data() {
        QTest::addColumn<Variables>("variables");
        QTest::addColumn<QString>("named");
        const Variables whole{
            {"RANK", "1"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "127.0.0.1"}, {"MASTER_PORT", "29500"}};
        for (const auto& [name, value] : whole) {
            auto less = whole;
            less.erase(name);
            QTest::newRow(("no " + name).c_str()) << less << QString::fromStdString(name);
        }
        const auto changed = [&](const char* name, const char* value) {
            auto other = whole;
            other[name] = value;
            QTest::addRow("%s=%s", name, value) << other << QString(name);
        };
        changed("RANK", "2");
        changed("RANK", "-1");
        changed("RANK", "1x");
        changed("RANK", "");
        changed("WORLD_SIZE", "0");
        changed("MASTER_PORT", "70000");
        changed("SIGNET_RANK_TIMEOUT", "0");
        QTest::newRow("mpirun on two machines without an address")
            << Variables{{"OMPI_COMM_WORLD_RANK", "1"},
                         {"OMPI_COMM_WORLD_SIZE", "2"},
                         {"OMPI_COMM_WORLD_LOCAL_SIZE", "1"}}
            << QString("MASTER_ADDR");
        QTest::newRow("srun without its nodes")
            << Variables{{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "2"}, {"SLURM_STEP_ID", "0"}}
            << QString("SLURM_NODELIST");
    }
    void whatIsMissingIsNamed() {
        QFETCH(Variables, variables);
        QFETCH(QString, named);
        const QString said = test::errorOf([&] { launchOf(variables); }, ErrorCode::BadOption);
        QVERIFY2(said.contains(named), qPrintable(said));
    }

    void firstNodes_data() {
        QTest::addColumn<QString>("list");
        QTest::addColumn<QString>("first");
        for (const auto& [list, first] : {std::pair{"node7", "node7"},
                                          {"a,b", "a"},
                                          {"n[1-4]", "n1"},
                                          {"gpu[003,7],x", "gpu003"},
                                          {"r[2]-ib,r3", "r2-ib"}})
            QTest::newRow(list) << QString(list) << QString(first);
    }
    void firstNodes() {
        QFETCH(QString, list);
        QTEST(QString::fromStdString(training::firstSlurmNode(list.toStdString())), "first");
    }
};

SIGNET_TEST(TestLaunch)
#include "test_launch.moc"
