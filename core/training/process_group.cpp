#include "core/training/process_group.h"

#define USE_C10D_GLOO  // the wheel's library has Gloo; its headers come from libgloo-dev
#include <dlfcn.h>
#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <vector>

#include "core/base/error.h"
#include "core/base/hashing.h"
#include "core/base/json.h"
#include "core/training/neighbours.h"

namespace signet::training {
namespace {

using torch::Tensor;

constexpr std::chrono::minutes kWork{30};  ///< what rank 0 may take to write, validate or read a checkpoint
constexpr std::chrono::milliseconds kMeeting{5000};  ///< between the meetings of ranks that wait for rank 0

/// The network interface Gloo listens at: this machine's own when the ranks meet there.
std::shared_ptr<gloo::transport::Device> deviceFor(const std::string& host) {
    if (host == "localhost" || host.starts_with("127."))
        return c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1");
    if (const char* interface = std::getenv("GLOO_SOCKET_IFNAME"))
        return c10d::ProcessGroupGloo::createDeviceForInterface(interface);
    return c10d::ProcessGroupGloo::createDefaultDevice();
}

/// While it lives no SIGPIPE reaches this thread, nor, for as long as they live, the threads begun meanwhile.
/// Gloo's write to the sockets of their peers without MSG_NOSIGNAL: a lost rank would end the others
/// silently.
class WithoutBrokenPipes {
public:
    WithoutBrokenPipes() {
        sigemptyset(&m_pipe);
        sigaddset(&m_pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &m_pipe, &m_before);
    }
    ~WithoutBrokenPipes() {
        if (sigismember(&m_before, SIGPIPE)) return;
        constexpr timespec kNow{};
        sigtimedwait(&m_pipe, nullptr, &kNow);  // one that came meanwhile
        pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }
    WithoutBrokenPipes(const WithoutBrokenPipes&) = delete;
    WithoutBrokenPipes& operator=(const WithoutBrokenPipes&) = delete;

private:
    sigset_t m_pipe;
    sigset_t m_before;
};

bool isCommunication(const std::exception& error) {
    if (dynamic_cast<const c10::DistError*>(&error)) return true;
    const std::string text = error.what();
    for (const char* sign : {"gloo", "Gloo", "NCCL", "c10d"})
        if (text.find(sign) != std::string::npos) return true;
    return false;
}

/// c10d's first line, without the source file it may begin with.
std::string reason(const std::exception& error) {
    std::string text = error.what();
    text = text.substr(0, text.find('\n'));
    if (text.starts_with("[") && text.find("] ") != std::string::npos)
        text = text.substr(text.find("] ") + 2);
    return text;
}

/// NCCL stands in a library of its own (nccl_backend.cpp) that builds with SIGNET_CUDA make.
void addNccl(c10d::ProcessGroup& group, const c10::intrusive_ptr<c10d::Store>& store,
             std::chrono::milliseconds timeout) {
    using Add =
        void (*)(c10d::ProcessGroup&, const c10::intrusive_ptr<c10d::Store>&, std::chrono::milliseconds);
    void* library = dlopen("signet_nccl.so", RTLD_NOW | RTLD_LOCAL);
    const auto add = library ? reinterpret_cast<Add>(dlsym(library, "signetAddNccl")) : nullptr;
    if (!add)
        throw Error(
            ErrorCode::Environment,
            fmt::format("ranks cannot train on GPUs here: {}; build with -DSIGNET_CUDA=ON, or use --device "
                        "cpu",
                        dlerror()));
    add(group, store, timeout);
}

Tensor bytesOf(const Tensor& tensor) {
    return tensor.contiguous().flatten().view(torch::kUInt8);
}

/// Rank 0's part in meeting the others while it works: calls of any() on a thread of its own.
class Meetings {
public:
    Meetings(ProcessGroup& group, std::chrono::milliseconds interval)
        : m_thread([this, &group, interval](const std::stop_token& stop) {
              try {
                  meet(group, interval, stop);
              } catch (...) {
                  m_failure = std::current_exception();
              }
          }) {}

    /// Tells the others that the work is done; what went wrong meanwhile, or null.
    std::exception_ptr end() {
        m_thread.request_stop();
        m_thread.join();
        return m_failure;
    }

private:
    void meet(ProcessGroup& group, std::chrono::milliseconds interval, const std::stop_token& stop) {
        const auto late = std::chrono::steady_clock::now() + kWork;
        std::unique_lock lock(m_mutex);
        for (bool done = false; !done; group.any(done)) {
            m_wake.wait_for(lock, stop, interval, [] { return false; });
            done = stop.stop_requested();
            if (!done && std::chrono::steady_clock::now() > late)
                throw Error(ErrorCode::Environment,
                            fmt::format("rank 0 was at work for more than {} minutes", kWork.count()));
        }
    }

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::exception_ptr m_failure;
    std::jthread m_thread;
};

}  // namespace

struct ProcessGroup::Joined {
    Launch launch;
    c10::intrusive_ptr<c10d::Store> store;
    c10::intrusive_ptr<c10d::ProcessGroup> group;
    std::vector<std::string> places;  ///< of the ranks, as describePlace gives them
    bool lost = false;

    ~Joined() {
        // A broken group's destructor waits for each message under way to time out. The process ends soon.
        if (lost) static_cast<void>(group.release());
    }

    void meet();
};

void ProcessGroup::Joined::meet() {
    c10d::TCPStoreOptions options;
    options.port = launch.port;
    options.isServer = !launch.storeIsUp && launch.rank == 0;
    options.waitWorkers = false;
    options.timeout = launch.patience;
    try {
        store =
            c10::make_intrusive<c10d::PrefixStore>(fmt::format("signet/{}/{}", launch.attempt, launch.size),
                                                   c10::make_intrusive<c10d::TCPStore>(launch.host, options));
    } catch (const std::exception& error) {
        throw Error(ErrorCode::Environment,
                    fmt::format("rank {} of {} could not {} {}:{}, where the ranks meet: {}", launch.rank,
                                launch.size, options.isServer ? "open" : "reach", launch.host, launch.port,
                                reason(error)));
    }
    std::vector<std::string> keys;
    keys.reserve(static_cast<std::size_t>(launch.size));
    for (int rank = 0; rank < launch.size; ++rank) keys.push_back(fmt::format("place/{}", rank));
    store->set(keys[static_cast<std::size_t>(launch.rank)], describePlace());
    try {
        store->wait(keys, launch.patience);
    } catch (const std::exception&) {
        std::vector<int> missing;
        for (int rank = 0; rank < launch.size; ++rank)
            if (!store->check({keys[static_cast<std::size_t>(rank)]})) missing.push_back(rank);
        throw Error(
            ErrorCode::Environment,
            fmt::format("after {} s, rank {} of {} had not come to {}:{}; see that rank's own error, or "
                        "raise SIGNET_RANK_TIMEOUT where ranks start slowly",
                        launch.patience.count(), fmt::join(missing, ", "), launch.size, launch.host,
                        launch.port));
    }
    for (const auto& key : keys) places.push_back(store->get_to_str(key));
}

ProcessGroup::ProcessGroup(const Launch& launch, torch::Device device)
    : m_rank(launch.rank), m_size(launch.size), m_joined(std::make_unique<Joined>()) {
    m_joined->launch = launch;
    const WithoutBrokenPipes inGlooThreads;
    guard([&] {
        m_joined->meet();
        auto options = c10d::ProcessGroupGloo::Options::create(launch.patience);
        options->devices.push_back(deviceFor(launch.host));
        auto& group = m_joined->group;
        group = c10::make_intrusive<c10d::ProcessGroup>(m_joined->store, launch.rank, launch.size);
        group->setBackend(
            c10::DeviceType::CPU, c10d::ProcessGroup::BackendType::GLOO,
            c10::make_intrusive<c10d::ProcessGroupGloo>(m_joined->store, launch.rank, launch.size, options));
        group->setDefaultBackend(c10d::ProcessGroup::BackendType::GLOO);
        if (device.is_cuda()) addNccl(*group, m_joined->store, launch.patience);
        group->barrier()->wait();
    });
}

ProcessGroup::ProcessGroup() = default;
ProcessGroup::~ProcessGroup() = default;

c10::intrusive_ptr<ProcessGroup> ProcessGroup::join(torch::Device device) {
    const auto launch = ownLaunch();
    return launch ? c10::make_intrusive<ProcessGroup>(*launch, device) : c10::make_intrusive<ProcessGroup>();
}

void ProcessGroup::guard(const std::function<void()>& work) {
    if (!m_joined) return work();
    try {
        work();
    } catch (const Error&) {
        throw;
    } catch (const std::exception& error) {
        if (!isCommunication(error)) throw;
        m_joined->lost = true;
        const std::string ended = endedNeighbours(m_joined->places, m_rank);
        throw Error(
            ErrorCode::Environment,
            fmt::format("rank {} of {} lost contact: {} ({}). This rank stops; when all have, start them "
                        "again with --resume, in any number that divides the batch",
                        m_rank, m_size,
                        ended.empty() ? "another rank failed, or did not answer in time" : ended,
                        reason(error)));
    }
}

void ProcessGroup::sum(Tensor& tensor) {
    if (!m_joined) return;
    guard([&] {
        std::vector<Tensor> tensors{tensor};
        m_joined->group->allreduce(tensors)->wait();
    });
}

Tensor ProcessGroup::mean(const Tensor& tensor) {
    auto result = tensor.detach().clone();
    sum(result);
    return result.div_(m_size);
}

Tensor ProcessGroup::gather(const Tensor& part) {
    if (!m_joined) return part;
    const auto own = part.detach().contiguous();
    auto shape = own.sizes().vec();
    shape.front() *= m_size;
    auto all = torch::empty(shape, own.options());
    auto input = own;
    guard([&] { m_joined->group->_allgather_base(all, input)->wait(); });
    return all;
}

bool ProcessGroup::any(bool mine) {
    if (!m_joined) return mine;
    std::vector<Tensor> flag{torch::full({1}, mine ? 1.0f : 0.0f)};
    guard([&] { m_joined->group->allreduce(flag)->wait(); });
    return flag.front().item<float>() > 0;
}

std::string ProcessGroup::broadcast(const std::string& text) {
    if (!m_joined) return text;
    std::string result = text;
    guard([&] {
        auto length = torch::tensor({static_cast<std::int64_t>(text.size())}, torch::kInt64);
        std::vector<Tensor> tensors{length};
        m_joined->group->broadcast(tensors)->wait();
        result.resize(static_cast<std::size_t>(length.item<std::int64_t>()));
        if (result.empty()) return;
        tensors = {
            torch::from_blob(result.data(), {static_cast<std::int64_t>(result.size())}, torch::kUInt8)};
        m_joined->group->broadcast(tensors)->wait();
    });
    return result;
}

nn::SafeTensors ProcessGroup::broadcast(const nn::SafeTensors& own) {
    if (!m_joined) return own;
    Json header = {{"metadata", own.metadata}, {"tensors", Json::array()}};
    for (const auto& [name, tensor] : own.tensors)
        header["tensors"].push_back(
            {name, static_cast<int>(tensor.scalar_type()), std::vector<std::int64_t>(tensor.sizes().vec())});
    header = Json::parse(broadcast(header.dump()));
    nn::SafeTensors result;
    header["metadata"].get_to(result.metadata);
    guard([&] {
        for (const auto& entry : header["tensors"]) {
            const auto name = entry[0].get<std::string>();
            auto tensor = isFirst() ? own.tensors.at(name).detach().contiguous()
                                    : torch::empty(entry[2].get<std::vector<std::int64_t>>(),
                                                   static_cast<torch::ScalarType>(entry[1].get<int>()));
            std::vector<Tensor> bytes{bytesOf(tensor)};
            m_joined->group->broadcast(bytes)->wait();
            result.tensors[name] = tensor;
        }
    });
    return result;
}

void ProcessGroup::agree(const std::string& text, const std::string& what) {
    if (!m_joined) return;
    const std::string hash = sha256Hex(text);
    auto own = torch::empty({1, static_cast<std::int64_t>(hash.size())}, torch::kUInt8);
    std::memcpy(own.data_ptr(), hash.data(), hash.size());
    const auto all = gather(own);
    std::vector<int> others;
    for (int rank = 1; rank < m_size; ++rank)
        if (!at::equal(all[rank], all[0])) others.push_back(rank);
    if (!others.empty())
        throw Error(
            ErrorCode::BadOption,
            fmt::format("rank {} has {} than rank 0: start all ranks with the same command and the same "
                        "photographs",
                        fmt::join(others, ", "), what));
}

void ProcessGroup::onFirst(const std::function<void()>& work) {
    if (!m_joined) return work();
    Json failure;
    std::exception_ptr own;
    if (isFirst()) {
        Meetings meetings(*this,
                          std::min(kMeeting, std::chrono::milliseconds(m_joined->launch.patience) / 4));
        try {
            work();
        } catch (const Error& error) {
            own = std::current_exception();
            failure = {static_cast<int>(error.code()), error.what()};
        } catch (const std::exception& error) {
            own = std::current_exception();
            failure = {static_cast<int>(ErrorCode::Internal), error.what()};
        }
        if (const auto lost = meetings.end()) std::rethrow_exception(own ? own : lost);
    } else {
        while (!any(false)) continue;
    }
    failure = Json::parse(broadcast(failure.dump(-1, ' ', false, Json::error_handler_t::replace)));
    if (own) std::rethrow_exception(own);
    if (!failure.is_null())
        throw Error(static_cast<ErrorCode>(failure[0].get<int>()),
                    "rank 0: " + failure[1].get<std::string>());
}

const c10::intrusive_ptr<c10d::ProcessGroup>& ProcessGroup::c10d() const {
    static const c10::intrusive_ptr<c10d::ProcessGroup> kNone;
    return m_joined ? m_joined->group : kNone;
}

}  // namespace signet::training
