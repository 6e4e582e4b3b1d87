#pragma once

#include <QString>
#include <QTemporaryDir>
#include <filesystem>
#include <memory>
#include <string>

#include "core/base/file_io.h"
#include "core/image/encode.h"
#include "tests/core/image_builders.h"

namespace signet::test {

inline QString saidText(const std::string& text) {
    return QString::fromStdString(text);
}

/// The i-th of the photographs that evaluations are of.
inline image::Image evaluatedPicture(int i) {
    return tests::makePicture(100, 110, 3, 8, static_cast<unsigned>(i + 1));
}

/// What a test of evaluations works in: a temporary folder, and in it "model". A second base of its class.
class EvaluationFolder {
protected:
    /// An empty folder of its own.
    void newFolder() {
        m_folder = std::make_unique<QTemporaryDir>();
        if (!m_folder->isValid()) qFatal("no temporary folder");
        std::filesystem::create_directories(at("model"));
    }
    std::filesystem::path at(const std::string& name) const {
        return std::filesystem::path(m_folder->path().toStdString()) / name;
    }
    /// So many pictures of 100 x 110 px, half of each name.
    std::filesystem::path photographs(const std::string& folder, int count) const {
        std::filesystem::create_directories(at(folder));
        for (int i = 0; i < count; ++i)
            writeFileAtomically(at(folder) / ((i % 2 ? "sea_" : "land_") + std::to_string(i) + ".png"),
                                image::encode(evaluatedPicture(i), {}), IfExists::Refuse);
        return at(folder);
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

}  // namespace signet::test
