#include <ATen/ATen.h>
#include <torch/torch.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "core/base/error.h"
#include "core/nn/batch_norm.h"
#include "core/nn/group_norm_silu.h"
#include "core/nn/image_random.h"
#include "core/training/gradient_averaging.h"
#include "tests/core/ranks.h"
#include "tests/support/free_port.h"
#include "tests/support/test_program.h"

// Designated initialisers name what a test is about; the other fields keep their defaults.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

using namespace signet;
using namespace signet::tests;
using torch::Tensor;
using training::ProcessGroup;

namespace {

constexpr int kBatch = 8;

/// Rank's part of a batch.
Tensor shareOf(const Tensor& whole, const ProcessGroup& group) {
    const auto share = whole.size(0) / group.size();
    return whole.slice(0, group.rank() * share, (group.rank() + 1) * share);
}

/// Largest difference, relative to the larger of the two tensors' magnitude.
double difference(const Tensor& a, const Tensor& b) {
    if (a.sizes() != b.sizes()) return 1e9;
    const double size = std::max(1e-12, b.abs().max().item<double>());
    return (a - b).abs().max().item<double>() / size;
}

void addSizes() {
    QTest::addColumn<int>("size");
    for (const int size : {1, 2, 4}) QTest::addRow("%d ranks", size) << size;
}

}  // namespace

#define ALL_FINISHED(results) \
    for (const auto& result : (results)) QVERIFY2(result.status == 0, result.error.c_str())

class TestProcessGroup : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void collectives_data() { addSizes(); }
    /// What each call promises, with different values on each rank.
    void collectives() {
        QFETCH(int, size);
        const auto results = onRanks(size, [](ProcessGroup& group) {
            const int rank = group.rank();
            auto sum = torch::full({2, 3}, rank + 1.0, torch::kFloat64);
            group.sum(sum);
            const auto text = group.broadcast(rank == 0 ? std::string("from the first") : std::string());
            nn::SafeTensors own;
            if (rank == 0)
                own = {{{"a", torch::arange(6).view({2, 3})}, {"b", torch::tensor(true)}}, {{"step", "7"}}};
            const auto state = group.broadcast(own);
            int ran = 0;
            group.onFirst([&] { ++ran; });
            group.agree("same", "another text");
            return nn::TensorMap{
                {"sum", sum},
                {"mean", group.mean(torch::full({1}, double(rank)))},
                {"gathered", group.gather(torch::full({1, 2}, rank, torch::kInt64))},
                {"any", torch::tensor({group.any(rank == group.size() - 1), group.any(false)})},
                {"said", torch::tensor(text == "from the first" && state.metadata.at("step") == "7")},
                {"a", state.tensors.at("a")},
                {"b", state.tensors.at("b")},
                {"ran", torch::tensor(ran)}};
        });
        QCOMPARE(int(results.size()), size);
        ALL_FINISHED(results);
        for (int rank = 0; rank < size; ++rank) {
            const auto& t = results[std::size_t(rank)].tensors;
            QVERIFY(at::equal(t.at("sum"), torch::full({2, 3}, size * (size + 1) / 2.0, torch::kFloat64)));
            QCOMPARE(t.at("mean").item<double>(), (size - 1) / 2.0);
            QVERIFY(at::equal(t.at("gathered"),
                              torch::arange(size, torch::kInt64).view({size, 1}).expand({size, 2})));
            QVERIFY(t.at("any")[0].item<bool>() && !t.at("any")[1].item<bool>());
            QVERIFY(t.at("said").item<bool>() && t.at("b").item<bool>());
            QVERIFY(at::equal(t.at("a"), torch::arange(6).view({2, 3})));
            QCOMPARE(t.at("ran").item<int>(), rank == 0 ? 1 : 0);
        }
    }

    /// A rank with other options and a failure of rank 0 end all ranks with the same, named error.
    void disagreementEndsAll() {
        const auto disagreed = onRanks(3, [](ProcessGroup& group) {
            group.agree(group.rank() == 1 ? "b" : "a", "other training options");
            return nn::TensorMap();
        });
        for (const auto& result : disagreed) {
            QCOMPARE(result.code, std::string("bad_option"));
            QVERIFY2(result.error.starts_with("rank 1 has other training options"), result.error.c_str());
        }
        const auto failed = onRanks(2, [](ProcessGroup& group) {
            group.onFirst([] { throw Error(ErrorCode::Exists, "the folder holds a run"); });
            return nn::TensorMap();
        });
        for (const auto& result : failed) {
            QCOMPARE(result.code, std::string("exists"));
            QVERIFY(result.error.ends_with("the folder holds a run"));
        }
    }

    /// A rank that never comes is named by those that wait.
    void missingRanksAreNamed() {
        const auto port = freePort();
        const auto results = onRanks(1, [&](ProcessGroup&) {
            training::Launch launch;
            launch.size = 3;
            launch.host = "127.0.0.1";
            launch.port = port;
            launch.patience = std::chrono::seconds(1);
            ProcessGroup group(launch);
            return nn::TensorMap();
        });
        QCOMPARE(results[0].code, std::string("environment"));
        QVERIFY2(results[0].error.find("rank 1, 2 of 3 had not come") != std::string::npos,
                 results[0].error.c_str());
    }

    void lostRanksEndTheOthers_data() {
        QTest::addColumn<QString>("where");
        for (const char* where : {"sum", "backward"}) QTest::newRow(where) << where;
    }
    /// A killed rank: the others end with an error that names it, well within their patience.
    void lostRanksEndTheOthers() {
        QFETCH(QString, where);
        const auto results = onRanks(3, [&](ProcessGroup& group) {
            // Many buckets of 25 MiB are under way when the rank is lost.
            std::vector<Tensor> parameters;
            if (where == "backward")
                for (int i = 0; i < 4; ++i)
                    parameters.push_back(torch::ones({6'000'000}).requires_grad_(true));
            std::optional<training::GradientAveraging> averaging;
            if (where == "backward") averaging.emplace(group, parameters, false);
            for (int step = 0;; ++step) {
                if (step == 2 && group.rank() == 1) ::raise(SIGKILL);
                if (where == "backward") {
                    Tensor loss = torch::zeros({});
                    for (auto& parameter : parameters) loss = loss + parameter.sum();
                    averaging->backward(loss);
                } else {
                    auto t = torch::ones({1000});
                    group.sum(t);
                }
                if (step > 1000) return nn::TensorMap();
            }
        });
        QCOMPARE(results[1].status, 128 + SIGKILL);
        for (const int rank : {0, 2}) {
            const auto& result = results[std::size_t(rank)];
            QCOMPARE(result.code, std::string("environment"));
            QVERIFY2(result.error.find("rank 1 (process ") != std::string::npos, result.error.c_str());
            QVERIFY2(result.seconds < 20, qPrintable(QString::number(result.seconds)));
        }
    }

    /// A write to a lost rank's socket would end its peers with a signal before they could say anything.
    void noBrokenPipeEndsAGlooThread() {
        const auto results = onRanks(2, [](ProcessGroup&) {
            const QStringList threads = QDir("/proc/self/task").entryList(QDir::Dirs | QDir::NoDotAndDotDot);
            int gloo = 0, open = 0;
            for (const QString& thread : threads) {
                QFile name("/proc/self/task/" + thread + "/comm"),
                    status("/proc/self/task/" + thread + "/status");
                if (!name.open(QIODevice::ReadOnly) || !status.open(QIODevice::ReadOnly)) continue;
                if (!name.readAll().contains("gloo")) continue;
                const QByteArray text = status.readAll();
                const auto blocked =
                    text.mid(text.indexOf("SigBlk:") + 7, 17).trimmed().toULongLong(nullptr, 16);
                ++gloo;
                open += (blocked >> (SIGPIPE - 1) & 1) == 0;
            }
            return nn::TensorMap{{"gloo", torch::tensor(gloo)}, {"open", torch::tensor(open)}};
        });
        ALL_FINISHED(results);
        for (const auto& result : results) {
            QVERIFY(result.tensors.at("gloo").item<int>() > 0);
            QCOMPARE(result.tensors.at("open").item<int>(), 0);
        }
    }

    void workLongerThanPatience_data() {
        QTest::addColumn<int>("hanging");  // -1: none
        QTest::newRow("all are well") << -1;
        QTest::newRow("rank 0 hangs") << 0;
        QTest::newRow("another hangs") << 2;
    }
    /// Rank 0 works longer than the others would wait in any other call. A rank that hangs meanwhile is
    /// noticed by those that wait within their patience, by rank 0 after its work.
    void workLongerThanPatience() {
        QFETCH(int, hanging);
        constexpr std::chrono::seconds kPatience{2}, kWork{5}, kUntilKilled{8};
        const auto results = onRanks(
            3,
            [&](ProcessGroup& group) {
                if (group.rank() == hanging) {  // killed in the end, so that the test need not be
                    const pid_t self = ::getpid();
                    if (::fork() == 0) {
                        std::this_thread::sleep_for(kUntilKilled);
                        ::kill(self, SIGKILL);
                        ::_exit(0);
                    }
                }
                if (hanging > 0 && group.rank() == hanging) ::raise(SIGSTOP);
                group.onFirst([&] {
                    if (hanging == 0) ::raise(SIGSTOP);
                    std::this_thread::sleep_for(kWork);
                });
                return nn::TensorMap{{"any", torch::tensor(group.any(group.isFirst()))}};
            },
            kPatience);
        for (int rank = 0; rank < 3; ++rank) {
            const auto& result = results[std::size_t(rank)];
            if (rank == hanging) continue;
            if (hanging < 0) {
                QVERIFY2(result.status == 0, result.error.c_str());
                QVERIFY(result.tensors.at("any").item<bool>());
                continue;
            }
            QCOMPARE(result.code, std::string("environment"));
            const double most = double((rank == 0 ? kWork : 2 * kPatience).count()) + 2;
            QVERIFY2(result.seconds < most, qPrintable(QString::number(result.seconds)));
        }
    }

    void gradientsAreAveraged_data() { addSizes(); }
    /// Equal shares of one batch give the gradient of the whole; a parameter used on one rank only gets its
    /// mean, one used nowhere none, and a second step starts afresh.
    void gradientsAreAveraged() {
        QFETCH(int, size);
        const auto body = [](ProcessGroup& group) {
            torch::manual_seed(5);
            torch::nn::Sequential net(torch::nn::Linear(6, 400), torch::nn::Tanh(),
                                      torch::nn::Linear(400, 3));
            auto once = torch::ones({2}).requires_grad_(true);
            auto never = torch::ones({2}).requires_grad_(true);
            auto parameters = net->parameters();
            parameters.push_back(once);
            parameters.push_back(never);
            const auto x = torch::randn({kBatch, 6});
            training::GradientAveraging averaging(group, parameters, true);
            for (int step = 0; step < 2; ++step) {
                for (auto& parameter : parameters) parameter.mutable_grad().reset();
                auto loss = net->forward(shareOf(x, group)).square().mean();
                if (group.isFirst()) loss = loss + once.sum();
                averaging.backward(loss);
            }
            nn::TensorMap result{{"once", once.grad()}, {"never", torch::tensor(never.grad().defined())}};
            for (const auto& item : net->named_parameters()) result[item.key()] = item.value().grad();
            return result;
        };
        const auto whole = onRanks(1, body);
        const auto results = onRanks(size, body);
        ALL_FINISHED(whole);
        ALL_FINISHED(results);
        for (const auto& result : results) {
            QVERIFY(!result.tensors.at("never").item<bool>());
            QVERIFY(at::allclose(result.tensors.at("once"), torch::full({2}, 1.0 / size)));
            for (const auto& [name, gradient] : whole[0].tensors) {
                if (name == "never" || name == "once") continue;
                const double d = difference(result.tensors.at(name), gradient);
                QVERIFY2(d < 1e-5, qPrintable(QString("%1: %2").arg(name.c_str()).arg(d)));
            }
        }
    }

    void batchNormIsJoint_data() { addSizes(); }
    /// Values, gradients of input, weight and bias, and the running statistics are torch's BatchNorm over the
    /// whole batch, to float32 rounding; evaluation needs no other rank.
    void batchNormIsJoint() {
        QFETCH(int, size);
        const auto data = [] {
            torch::manual_seed(11);
            return std::pair(torch::randn({kBatch, 5, 7, 6}) * 3 + 20, torch::randn({kBatch, 5, 7, 6}));
        };
        const auto run = [&](auto norm, Tensor x, const Tensor& direction) {
            torch::manual_seed(12);
            {
                const torch::NoGradGuard guard;
                norm->weight.uniform_(0.5, 1.5);
                norm->bias.uniform_(-1, 1);
            }
            x = x.clone().requires_grad_(true);
            norm->train();
            Tensor y;
            for (int step = 0; step < 2; ++step) y = norm->forward(x);
            (y * direction).sum().backward();
            norm->eval();
            return nn::TensorMap{{"y", y.detach()},
                                 {"x", x.grad()},
                                 {"weight", norm->weight.grad()},
                                 {"bias", norm->bias.grad()},
                                 {"mean", norm->running_mean},
                                 {"var", norm->running_var},
                                 {"count", norm->num_batches_tracked},
                                 {"eval", norm->forward(x).detach()}};
        };
        const auto reference = onRanks(1, [&](ProcessGroup&) {
            const auto [x, direction] = data();
            return run(torch::nn::BatchNorm2d(5), x, direction);
        });
        const auto results = onRanks(size, [&](ProcessGroup& group) {
            const auto [x, direction] = data();
            nn::BatchNorm2d norm(5);
            auto self = c10::intrusive_ptr<ProcessGroup>::reclaim_copy(&group);
            nn::joinBatchNorm(*norm, self);
            auto result = run(norm, shareOf(x, group), shareOf(direction, group));
            for (const char* perImage : {"y", "x", "eval"}) result[perImage] = group.gather(result[perImage]);
            for (const char* added : {"weight", "bias"}) group.sum(result[added]);
            return result;
        });
        ALL_FINISHED(reference);
        ALL_FINISHED(results);
        for (const auto& result : results)
            for (const auto& [name, expected] : reference[0].tensors) {
                const double d = difference(result.tensors.at(name), expected);
                QVERIFY2(d < 2e-5, qPrintable(QString("%1: %2").arg(name.c_str()).arg(d)));
            }
    }

    void randomNumbersFollowTheImage_data() { addSizes(); }
    /// Noise and dropout of a share are those of the whole batch; layers and steps differ.
    void randomNumbersFollowTheImage() {
        QFETCH(int, size);
        const auto x = torch::ones({kBatch, 3, 4, 4});
        const auto share = kBatch / size;
        torch::nn::Sequential net(nn::ImageDropout(0.3), nn::ImageDropout(0.3));
        const auto drop = [&](std::uint64_t seed, const Tensor& part, std::int64_t first) {
            nn::reseedDropout(*net, seed, first);
            return net[0]->as<nn::ImageDropout>()->forward(part);
        };
        std::vector<Tensor> noise, dropped;
        for (std::int64_t first = 0; first < kBatch; first += share) {
            const auto part = x.slice(0, first, first + share);
            noise.push_back(nn::normalLike(part, 4, first));
            dropped.push_back(drop(4, part, first));
        }
        QVERIFY(at::equal(torch::cat(noise), nn::normalLike(x, 4, 0)));
        const auto whole = drop(4, x, 0);
        QVERIFY(at::equal(torch::cat(dropped), whole));
        QVERIFY(at::equal(net[0]->as<nn::ImageDropout>()->forward(x), whole));
        QVERIFY(!at::equal(net[1]->as<nn::ImageDropout>()->forward(x), whole));
        QVERIFY(!at::equal(drop(5, x, 0), whole));
        QVERIFY(!at::equal(whole[0], whole[1]));
        const auto large = nn::normalLike(torch::empty({20, 5000}), 1, 0);
        QVERIFY(std::abs(large.mean().item<double>()) < 0.02);
        QVERIFY(std::abs(large.std().item<double>() - 1) < 0.02);
        const auto kept = drop(1, torch::ones({20, 5000}), 0);
        QVERIFY(std::abs(kept.mean().item<double>() - 1) < 0.02);  // scaled by 1 / (1 - p)
        QVERIFY(std::abs((kept > 0).to(torch::kFloat32).mean().item<double>() - 0.7) < 0.02);
        net->eval();
        QVERIFY(at::equal(net->forward(x), x));

        // The fused normalisation drops out by the same rule, in both formats and in its gradient.
        for (const auto format : {at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast}) {
            torch::manual_seed(9);
            const auto input = torch::randn({kBatch, 8, 3, 5}).contiguous(format);
            const auto run = [&](const Tensor& part, std::int64_t first) {
                const auto at = part.clone().requires_grad_(true);
                const auto y = nn::groupNormSilu(at, 4, torch::ones({8}), torch::zeros({8}),
                                                 {.dropout = {0.3, 77, first}});
                y.square().sum().backward();
                return std::pair(y.detach(), at.grad());
            };
            const auto [y, gradient] = run(input, 0);
            QVERIFY((y == 0).any().item<bool>());
            std::vector<Tensor> ys, gradients;
            for (std::int64_t first = 0; first < kBatch; first += share) {
                const auto [part, partGradient] = run(input.slice(0, first, first + share), first);
                ys.push_back(part);
                gradients.push_back(partGradient);
            }
            QVERIFY(difference(torch::cat(ys), y) < 1e-6);
            QVERIFY(difference(torch::cat(gradients), gradient) < 1e-5);
        }
    }
};

SIGNET_TEST(TestProcessGroup)
#include "test_process_group.moc"
