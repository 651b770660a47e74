"""papers: certificates, notices and forms (证照文书) as PDF, XLSX and DOCX, each with a number and a check page."""
