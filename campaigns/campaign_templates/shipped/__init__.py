"""The templates that come with the installation, one in each file. None assumes anything of a company's tables."""
