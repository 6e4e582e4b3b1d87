#pragma once

#include <algorithm>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "core/models/manifest.h"

namespace signet::ui {

/// Threads that networks are given: all cores.
inline int computingThreads() {
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

/// The model that was used last, kept loaded. Model is made of a manifest, a device and a number of threads.
/// Thread-safe.
template <class Model>
class KeptModel {
public:
    /// Loads it where another one is there. Throws what loading throws.
    std::shared_ptr<Model> get(const models::Manifest& manifest) {
        const std::lock_guard lock(m_mutex);
        if (m_model && m_folder == manifest.folder && m_sha256 == manifest.weightsSha256) return m_model;
        m_model.reset();  // not two at a time in memory
        m_model = std::make_shared<Model>(manifest, "auto", computingThreads());
        m_folder = manifest.folder;
        m_sha256 = manifest.weightsSha256;
        return m_model;
    }

private:
    std::mutex m_mutex;
    std::filesystem::path m_folder;
    std::string m_sha256;
    std::shared_ptr<Model> m_model;
};

}  // namespace signet::ui
