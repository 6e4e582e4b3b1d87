#include "core/report/required_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/base/option_info.h"

namespace signet::report {
namespace {

constexpr std::array kFields{
    ReportField{"number", "Case number", "The laboratory's number of the case", "ISO/IEC 17025 7.8.2.1 d",
                true},
    ReportField{"title", "Case", "What the case is about", "", true},
    ReportField{"organisation", "Laboratory", "Name of the laboratory", "ISO/IEC 17025 7.8.2.1 b", true},
    ReportField{"laboratory_address", "Address of the laboratory", "Postal address",
                "ISO/IEC 17025 7.8.2.1 b", true},
    ReportField{"location", "Place of the examination", "Where the work was done, e.g. \"as above\"",
                "ISO/IEC 17025 7.8.2.1 c", true},
    ReportField{"customer", "Customer", "Who asked for the examination", "ISO/IEC 17025 7.8.2.1 e", true},
    ReportField{"customer_contact", "Contact of the customer", "Address or reference",
                "ISO/IEC 17025 7.8.2.1 e", true},
    ReportField{"purpose", "Question asked", "What the customer wants to know", "ISO 21043-5", true},
    ReportField{"description", "Circumstances", "What was made known about the case", "", false},
    ReportField{"item_condition", "Condition of the items",
                "How the items were received, e.g. \"on one sealed USB stick, readable\"",
                "ISO/IEC 17025 7.8.2.1 g", true},
    ReportField{"sampling", "Sampling", "How exhibits were chosen where not all were examined",
                "ISO/IEC 17025 7.8.2.1 k", false},
    ReportField{"deviations", "Deviations from the method",
                "Additions, deviations and exclusions; \"none\" is an answer", "ISO/IEC 17025 7.8.2.1 n",
                true},
    ReportField{"external_results", "Results of external providers", "Which results come from others",
                "ISO/IEC 17025 7.8.2.1 p", false},
    ReportField{"examiner", "Examiner", "Who examined the exhibits", "ISO/IEC 17025 7.5.1", true},
    ReportField{"reviewer", "Reviewer", "Who reviewed the case file", "ISO 21043-5", true},
    ReportField{"authoriser", "Authorised by", "Who authorises the report", "ISO/IEC 17025 7.8.2.1 o", true},
    ReportField{"declaration", "Declaration",
                "A statement of truth or the expert's declaration the court asks for", "", false},
    ReportField{"verbal_scale", "Verbal scale", "The laboratory's scale: a name or a file", "", false},
};

std::string ofCase(const std::string& key, const cases::CaseInfo& info) {
    if (key == "number") return info.number;
    if (key == "title") return info.title;
    if (key == "organisation") return info.organisation;
    if (key == "customer") return info.customer;
    if (key == "description") return info.description;
    if (key == "examiner") return info.examiner;
    if (!info.fields.is_object()) return {};
    const auto found = info.fields.find(key);
    if (found == info.fields.end() || found->is_null()) return {};
    return found->is_string() ? found->get<std::string>()
                              : found->dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::span<const ReportField> reportFields() {
    return kFields;
}

std::string fieldValue(const std::string& key, const cases::CaseInfo& info, const ReportOptions& options) {
    if (std::none_of(kFields.begin(), kFields.end(), [&](const ReportField& f) { return key == f.key; }))
        throw Error(ErrorCode::BadOption, fmt::format("a report has no field \"{}\"", key));
    if (key == "examiner" && !options.examiner.empty()) return options.examiner;
    if (key == "reviewer" && !options.reviewer.empty()) return options.reviewer;
    if (key == "authoriser" && !options.authoriser.empty()) return options.authoriser;
    if (key == "verbal_scale" && !options.verbalScale.empty()) return options.verbalScale;
    if (const auto own = options.fields.find(key); own != options.fields.end()) return own->second;
    return ofCase(key, info);
}

std::vector<const ReportField*> missingFields(const cases::CaseInfo& info, const ReportOptions& options) {
    std::vector<const ReportField*> missing;
    for (const ReportField& field : kFields) {
        if (field.required &&
            fieldValue(field.key, info, options).find_first_not_of(" \t\r\n") == std::string::npos)
            missing.push_back(&field);
    }
    return missing;
}

}  // namespace signet::report
