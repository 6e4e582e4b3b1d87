#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/cases/case_store.h"
#include "core/examine/examine.h"
#include "core/image/image.h"

namespace signet::test {

/// Every required field of a report filled in.
cases::CaseInfo completeInfo();

/// Texts that break careless writers: markup, quotes, controls, a right-to-left override, TeX, a formula,
/// 10,000 characters.
std::vector<std::string> hostileTexts();

/// A case with exhibits and examinations as `signet case` makes them, without running a network: what a model
/// said is put into the record, the evidence map is drawn by examine::renderEvidence.
class CaseBuilder {
public:
    /// Makes folder/case.signet.
    explicit CaseBuilder(const std::filesystem::path& folder, const cases::CaseInfo& info = completeInfo());

    cases::CaseStore& store() { return *m_store; }
    std::string location() const { return (m_folder / "case.signet").string(); }

    /// Writes file bytes under in/NAME and takes them in.
    cases::RowId add(const std::string& name, std::span<const std::uint8_t> bytes,
                     const std::string& note = {});
    /// The same with a picture, as the format of the name's ending (quality 90); each number is another
    /// picture.
    cases::RowId addPicture(const std::string& name, int number, int width = 320, int height = 256);

    /// Records an examination of the next waiting exhibit. edit (may be empty) changes the record as JSON.
    cases::Examination examine(const std::vector<examine::Finding>& findings,
                               const std::function<void(Json& record)>& edit = {});
    /// The same for one of many: the file is not decoded, and all have one evidence map, drawn once, which
    /// the record does not list, as those of earlier versions did not.
    void examineLike(const examine::Finding& finding, image::Format format, int width, int height);
    /// Records a failure of the next waiting exhibit.
    void fail(const std::string& problem);

    /// A finding of a shipped model with its own thresholds and rates; the code (may be empty) is read with
    /// confidence.
    static examine::Finding finding(const std::string& model, double score, const std::string& codeHex = {});
    /// A finding of a keyed signature, of a made model "keyed-test": one key, 1,000 geometries; where it is
    /// reported, the middle quarter of the image is signed. The code (may be empty) passed its check.
    static examine::Finding keyedFinding(double log10P, const std::string& codeHex = {});

private:
    cases::Examination begin(const cases::Exhibit& taken) const;
    void addResult(cases::Examination& x, const examine::Record& record) const;

    std::filesystem::path m_folder;
    std::vector<std::uint8_t> m_map;
    std::unique_ptr<cases::CaseStore> m_store;
};

}  // namespace signet::test
