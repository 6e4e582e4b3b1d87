#pragma once

#include <QImage>
#include <QString>
#include <atomic>
#include <filesystem>
#include <memory>

#include "ui/bridge/engine.h"

namespace signet::test {

/// What a test holds of its fake engine, from the GUI thread.
struct EngineControl {
    std::atomic<bool> hold{false};         ///< check() waits while true (or until asked to stop)
    std::atomic<int> checks{0};            ///< calls of check() that began
    std::atomic<bool> stopSeen{false};     ///< a held check() was asked to stop
    std::atomic<bool> failLoading{false};  ///< createEngine throws
    std::atomic<int> enginesMade{0};
    std::atomic<bool> unvalidatedModel{false};  ///< fake-own is installed too, and not validated
    std::atomic<bool> keyedModel{false};        ///< fake-keyed is installed too, and asked before the others
    std::atomic<bool> classifierModel{false};   ///< fake-classifier is installed too: "real" or "drawn"
    /// Not empty: where fake-code32 is said to be installed. Set before the list of models is read.
    std::filesystem::path modelFolder;
};

/// An engine without networks: a file that decodes gets one finding with a code and one without (their
/// presence by the brightness of the first pixel: over 200 present, over 100 inconclusive, else absent), any
/// other file an error. fake-keyed answers by the same pixel and with the last of the engine's keys: from 250
/// on with a code, from 240 on without a readable one, from 200 on with two signed parts of which one has a
/// readable code, over 100 inconclusive. fake-classifier takes bright ones for drawn. Signing copies the
/// image with a pixel changed; reading it back verifies.
ui::Backend fakeBackend(const std::shared_ptr<EngineControl>& control);

/// Writes a PNG of one grey level and returns its path as text.
QString writePicture(const QString& folder, const QString& name, int level,
                     const QSize& size = QSize(64, 48));

}  // namespace signet::test
