#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace signet {

/// The folder that holds models/ and resources/: SIGNET_DATA_DIR if set, else the source tree this build came
/// from or the installed share/signet beside the executable. Throws Environment when none is there.
std::filesystem::path dataFolder();

/// The per-user folder for settings-independent data (XDG_DATA_HOME/signet).
std::filesystem::path defaultWorkspace();

/// Peak resident memory of this process so far, or since forgetPeakRss(), in MiB.
double peakRssMiB();
/// The peak is what is resident now, where the system allows that.
void forgetPeakRss();

/// Resident memory of this process now, in MiB.
double currentRssMiB();

/// CPU time (user + system) this process has used so far, in seconds.
double processCpuSeconds();

/// Lets the calling thread, and the threads it starts from now on, yield to others of the program: long work
/// in the background must not hold the window up.
void lowerThreadPriority();

/// The machine's name, valid UTF-8; "unknown" where it has none.
std::string hostName();

/// A process of this machine. Process ids come again, id and start time together do not until the next boot.
struct ProcessState {
    bool over = true;     ///< there is none, or it is over and not yet collected
    std::string started;  ///< in clock ticks since boot, as proc(5) has it; empty: there is none
};
ProcessState processState(const std::string& id);

/// The processor's name as the system gives it.
std::string processorName();

}  // namespace signet
