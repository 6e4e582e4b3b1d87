#pragma once

#include <stop_token>
#include <thread>

namespace signet::cli {

/// Turns SIGINT and SIGTERM into a std::stop_token while it lives. The first signal asks for a stop, the
/// second has its default effect and ends the process. One object at a time; made and destroyed on the main
/// thread.
class Interrupt {
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    std::stop_token token() const { return m_source.get_token(); }
    bool requested() const { return m_source.stop_requested(); }

private:
    std::stop_source m_source;
    int m_wakeUp[2] = {-1, -1};  ///< pipe: the handler may only write, the watcher calls request_stop
    std::thread m_watcher;
};

}  // namespace signet::cli
